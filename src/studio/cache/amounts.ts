import type { Language } from '../texts/bilingual.js';

/** Writes numbers as the visitor's language does. A missing value is a dash. */
export function amountsIn(language: Language) {
  const whole = new Intl.NumberFormat(language);
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const few = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const orDash =
    (write: (value: number) => string) =>
    (value: number | null): string =>
      value === null ? '–' : write(value);
  return {
    count: (value: number) => whole.format(value),
    share: orDash((value) => share.format(value)),
    milliseconds: orDash((value) =>
      value < 1_000 ? `${few.format(value)} ms` : `${few.format(value / 1_000)} s`,
    ),
    seconds: (value: number) => `${few.format(value)} s`,
    bytes: (value: number) => (value < 1_024 ? `${value} B` : `${few.format(value / 1_024)} KiB`),
  };
}
