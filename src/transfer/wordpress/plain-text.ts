/** The entities that WordPress and its editors write in names. Others are rare and stay unchanged. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', ndash: '–', mdash: '—' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', copy: '©', trade: '™' },
};
const INLINE_TAG = /<\/?(?:a|abbr|b|br|code|del|em|i|mark|small|span|strong|sub|sup|u|wbr)\b[^>]*>/gi;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi;

function character(codePoint: number): string | undefined {
  const isCharacter = codePoint > 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  return isCharacter ? String.fromCodePoint(codePoint) : undefined;
}

/** Converts titles and names from WordPress' HTML to text: `Q&amp;A` → `Q&A`. */
export const plainText = (html: string): string =>
  html
    .replace(INLINE_TAG, '')
    .replace(ENTITY, (entity, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? entity;
      const codePoint = decimal === undefined ? parseInt(hexadecimal!, 16) : Number(decimal);
      return character(codePoint) ?? entity;
    })
    .trim();
