import type { CacheCounts } from './cache-tally.js';
import type { Representation } from './representation.js';
import type { RouteTally } from './route-tally.js';

/** Set anew for each answer, or by Node itself. */
const VOLATILE = new Set([
  'age',
  'cache-status',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'x-request-id',
]);
const ABOUT_CONTENT = new Set(['content-type']);

/** Raw header list as `writeHead` takes it: name, value, name, value, … Its first two values are set for each answer. */
export interface PreparedHead {
  readonly full: string[];
  readonly notModified: string[];
}

/** Places of the values that change in every prepared list. */
export const REQUEST_ID_PLACE = 1;
export const AGE_PLACE = 3;

/** The heads of every representation, made once from the headers of a routed answer, so that both are alike. */
export class PreparedHeads {
  private readonly heads = new Map<Representation, PreparedHead>();

  /** @param routed headers of an answer of this entry that went through the router @param counts where its hits are counted */
  constructor(
    answer: { readonly representations: readonly Representation[] },
    routed: Readonly<Record<string, unknown>>,
    readonly counts: { readonly route: RouteTally; readonly cache: CacheCounts },
  ) {
    const lasting = Object.entries(routed).filter(
      ([name, value]) => !VOLATILE.has(name) && value !== undefined,
    );
    const all = lasting.map(([name, value]): [string, string] => [name, String(value)]);
    for (const representation of answer.representations)
      this.heads.set(representation, headOf(representation, all));
  }

  of(representation: Representation): PreparedHead {
    const head = this.heads.get(representation);
    if (head === undefined) throw new Error('A representation of another answer has no head here');
    return head;
  }
}

function headOf(representation: Representation, lasting: readonly [string, string][]): PreparedHead {
  const common = [
    'x-request-id',
    '',
    'age',
    '0',
    'cache-status',
    'inkwell; hit',
    'etag',
    representation.etag,
  ];
  const coding = representation.encoding === 'identity' ? [] : ['content-encoding', representation.encoding];
  const length = ['content-length', String(representation.body.length)];
  return {
    full: [...common, ...lasting.flat(), ...coding, ...length],
    notModified: [...common, ...lasting.filter(([name]) => !ABOUT_CONTENT.has(name)).flat()],
  };
}
