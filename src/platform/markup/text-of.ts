const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

const PHRASES =
  /<\/?(?:a|abbr|b|bd[io]|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|su[bp]|time|u|var)\b[^>]*>/g;

/**
 * The text of HTML on one line. Inline elements leave no trace; all others leave a space.
 * @param html sanitised: contains only the four entities of the sanitiser, and no `>` in attributes
 */
export const textOf = (html: string): string =>
  html
    .replace(PHRASES, '')
    .replace(/<[^>]*(?:>|$)/g, ' ')
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
