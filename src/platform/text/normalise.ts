export type NormalisationForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * COMBINING GRAPHEME JOINER: breaks a run of marks and is invisible. It is a mark itself, so it must not count as part
 * of a run here.
 */
const JOINER = '\u034f';
/** UAX #15, Stream-Safe Text Format: no real text has more than 30 marks in a row. */
const LONG_RUN = /[\p{M}--\u{34f}]{30}(?=[\p{M}--\u{34f}])/gv;
const IS_LONG = new RegExp(LONG_RUN.source, 'v');

/**
 * Applies a Unicode normalisation form in linear time. Normalising sorts each run of combining marks, in time quadratic
 * in its length, so long runs are broken first. Normalising the result again changes nothing. Nothing else may call
 * `String.prototype.normalize` (eslint.config.js).
 */
export function normalise(text: string, form: NormalisationForm): string {
  let result = text;
  // At most twice: a mark that decomposes into several may make a run too long again.
  do result = result.replace(LONG_RUN, `$&${JOINER}`).normalize(form);
  while (IS_LONG.test(result));
  return result;
}
