import { type Representation, wireForm } from './representation.js';
import { headerLine, statusLine } from './send-prepared.js';

/** Set anew for each answer, or by Node itself. */
const VOLATILE = new Set([
  'age',
  'cache-status',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'keep-alive',
  'x-request-id',
]);

/** Of an answer, in any coding. */
interface Described {
  readonly status: number;
  readonly contentType: string;
  /** The ones of this answer alone. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Header lines that all answers of a route have in common, from one that went through the router.
 * @param own the headers of this answer alone
 */
export function commonLines(
  routed: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, string>>,
): string {
  const common = Object.entries(routed).filter(
    ([name, value]) => !VOLATILE.has(name) && !(name in own) && value !== undefined,
  );
  return linesOf(common.map(([name, value]): [string, string] => [name, String(value)]).sort(byName));
}

const byName = ([one]: [string, string], [other]: [string, string]): number => (one < other ? -1 : 1);

const linesOf = (headers: readonly (readonly [string, string])[]): string =>
  headers.map(([name, value]) => headerLine(name, value)).join('');

/** What differs in each answer of a prepared head. */
interface Volatile {
  readonly requestId: string;
  readonly ageSeconds: number;
  readonly cacheStatus: string;
}

/** An answer ready to be sent, but for what differs each time. */
class PreparedHead {
  private readonly first: string;

  constructor(
    readonly status: number,
    private readonly rest: string,
    readonly body: string | Buffer | undefined,
  ) {
    this.first = statusLine(status);
  }

  /** Status line and headers, but for those that end the head. */
  with({ requestId, ageSeconds, cacheStatus }: Volatile): string {
    return `${this.first}x-request-id: ${requestId}\r\nage: ${ageSeconds}\r\ncache-status: ${cacheStatus}\r\n${this.rest}`;
  }
}

/** Of one representation. */
interface HeadPair {
  readonly full: PreparedHead;
  readonly notModified: PreparedHead;
}

/** The heads of every representation of an answer. */
export class PreparedHeads {
  private readonly heads = new Map<Representation, HeadPair>();

  /** @param common see commonLines @param forCdn see CachedRoute */
  constructor(
    answer: { readonly representations: readonly Representation[]; readonly content: Described },
    common: string,
    forCdn: Readonly<Record<string, string>> = {},
  ) {
    const lines = common + linesOf(Object.entries({ ...answer.content.headers, ...forCdn }));
    for (const representation of answer.representations)
      this.heads.set(representation, pairOf(answer.content, representation, lines));
  }

  of(representation: Representation): HeadPair {
    const head = this.heads.get(representation);
    if (head === undefined) throw new Error('A representation of another answer has no head here');
    return head;
  }
}

function pairOf(content: Described, { encoding, etag, body }: Representation, shared: string): HeadPair {
  const lines = headerLine('etag', etag) + shared;
  const about = linesOf([
    ['content-type', content.contentType],
    ...(encoding === 'identity' ? [] : [['content-encoding', encoding] as const]),
    ['content-length', String(body.length)],
  ]);
  return {
    full: new PreparedHead(content.status, lines + about, wireForm(body)),
    notModified: new PreparedHead(304, lines, undefined),
  };
}
