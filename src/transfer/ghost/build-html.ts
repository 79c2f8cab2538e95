const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** `element('a', 'text', { href: '/' })`; attributes without a value are left out. */
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
  // A caption is HTML in both of Ghost's formats; what is not safe in it is taken out with the rest.
  return `<figure><img${attributes}>${typeof caption === 'string' && caption !== '' ? `<figcaption>${caption}</figcaption>` : ''}</figure>`;
};
