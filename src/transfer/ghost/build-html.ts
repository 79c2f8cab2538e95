const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** The value of an attribute, '' unless it is text. */
export const string = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `element('a', 'text', { href: '/' })`. Attributes without a value are left out. */
export function element(
  name: string,
  inside: string,
  attributes: Readonly<Record<string, unknown>> = {},
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => typeof value === 'string' && value !== '')
    .map(([attribute, value]) => ` ${attribute}="${escapeHtml(value as string)}"`)
    .join('');
  return `<${name}${written}>${inside}</${name}>`;
}

export const image = (source: unknown, alt: unknown, caption: unknown): string => {
  const attributes = [
    ['src', source],
    ['alt', alt],
  ]
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => ` ${String(name)}="${escapeHtml(value as string)}"`)
    .join('');
  // A caption is HTML in both of Ghost's formats. It is sanitised with the rest of the post.
  return `<figure><img${attributes}>${typeof caption === 'string' && caption !== '' ? `<figcaption>${caption}</figcaption>` : ''}</figure>`;
};
