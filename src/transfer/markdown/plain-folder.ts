import { type AddressFacts, type Flavour, literalAliases, joinPath, splitDate, stemOf } from './flavour.js';
import { withoutMdx } from './mdx.js';

/** An address that is written out; one that is made of placeholders belongs to a generator we do not know. */
const isLiteral = (address: string): boolean => !/[{}:]/.test(address.replace(/^https?:/, ''));

const addressesOf = ({ fields }: AddressFacts): string[] =>
  ['permalink', 'url']
    .map((name) => fields.text(name))
    .filter((address) => address !== undefined && isLiteral(address))
    .map((address) => (/^https?:/.test(address!) ? address! : joinPath(address!)));

/** A folder of Markdown that no known generator has marked as its own. An export of Inkwell is one, too. */
export function plainFolder(): Flavour {
  return {
    format: 'folder of Markdown',
    defaultAuthor: undefined,
    timeZone: 'UTC',
    separator: /\s*,\s*/,
    leftOut: () => undefined,
    factsOf: (path) => splitDate(stemOf(path)),
    defaultsOf: () => ({}),
    addressesOf,
    aliasesOf: literalAliases,
    bodyOf: (path, body, remarks) => (path.endsWith('.mdx') ? withoutMdx(body, remarks) : body),
  };
}
