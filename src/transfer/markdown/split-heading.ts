export interface HeadedText {
  readonly title: string | undefined;
  readonly body: string;
}

/** Longer than any title. Regular expressions may take quadratic time on a longer line. */
const MAX_LENGTH = 1_000;

function headingOf(first: string, second: string): { title: string; lines: number } | undefined {
  if (first.length > MAX_LENGTH) return undefined;
  const title = /^#[ \t]+(.*?)(?:[ \t]+#+)?$/.exec(first)?.[1]?.trim();
  if (title) return { title, lines: 1 };
  return first !== '' && /^=+\s*$/.test(second.slice(0, MAX_LENGTH)) ? { title: first, lines: 2 } : undefined;
}

/**
 * Splits Markdown without front matter into its first heading (`# Title`, or a line underlined with `=`) and the rest,
 * because a page shows the title of its post itself.
 */
export function splitHeading(text: string): HeadedText {
  const lines = text.trim().split('\n');
  const [first = '', second = ''] = lines;
  const heading = headingOf(first.trim(), second);
  return {
    title: heading?.title,
    body: lines
      .slice(heading?.lines ?? 0)
      .join('\n')
      .trim(),
  };
}
