import { type AddressFacts, type Flavour, literalAliases, joinPath, splitDate, stemOf } from './flavour.js';
import { withoutMdx } from './mdx.js';

/** True for a literal address. One with placeholders belongs to an unknown generator. */
const isLiteral = (address: string): boolean => !/[{}:]/.test(address.replace(/^https?:/, ''));

const addressesOf = ({ fields }: AddressFacts): string[] =>
  ['permalink', 'url']
    .map((name) => fields.text(name))
    .filter((address) => address !== undefined && isLiteral(address))
    .map((address) => (/^https?:/.test(address!) ? address! : joinPath(address!)));

/** A folder of Markdown without the marks of a known generator. Exports of Inkwell are one too. */
export function plainFolder(): Flavour {
  return {
    format: 'folder of Markdown',
    defaultAuthor: undefined,
    timeZone: 'UTC',
    separator: /\s*,\s*/,
    isFrontMatterOptional: true,
    leftOut: () => undefined,
    factsOf: (path) => splitDate(stemOf(path)),
    defaultsOf: () => ({}),
    addressesOf,
    aliasesOf: literalAliases,
    bodyOf: (path, body, remarks) => (path.endsWith('.mdx') ? withoutMdx(body, remarks) : body),
  };
}
