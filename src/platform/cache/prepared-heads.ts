import type { CacheCounts } from './cache-tally.js';
import type { Representation } from './representation.js';
import type { RouteTally } from './route-tally.js';
import { headerLine, statusLine } from './send-prepared.js';

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

/** Bodies up to here are kept as text besides: with its head, such a body is one string, which Node writes at once. */
const MAX_TEXT_BYTES = 16 * 1024;

/** Memory that a body takes once its heads are prepared. */
export const wireBytes = (body: Buffer): number => body.length * (body.length <= MAX_TEXT_BYTES ? 2 : 1);

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
  with(requestId: string, ageSeconds: number): string {
    return `${this.first}x-request-id: ${requestId}\r\nage: ${ageSeconds}\r\n${this.rest}`;
  }
}

/** Of one representation. */
interface HeadPair {
  readonly full: PreparedHead;
  readonly notModified: PreparedHead;
}

/** The heads of every representation, made once from the headers of a routed answer, so that both are alike. */
export class PreparedHeads {
  private readonly heads = new Map<Representation, HeadPair>();

  /** @param routed headers of an answer of this entry that went through the router @param counts where its hits are counted */
  constructor(
    answer: {
      readonly representations: readonly Representation[];
      readonly content: { readonly status: number };
    },
    routed: Readonly<Record<string, unknown>>,
    readonly counts: { readonly route: RouteTally; readonly cache: CacheCounts },
  ) {
    const lasting = Object.entries(routed).filter(
      ([name, value]) => !VOLATILE.has(name) && value !== undefined,
    );
    const all = lasting.map(([name, value]): [string, string] => [name, String(value)]);
    for (const representation of answer.representations)
      this.heads.set(representation, headOf(answer.content.status, representation, all));
  }

  of(representation: Representation): HeadPair {
    const head = this.heads.get(representation);
    if (head === undefined) throw new Error('A representation of another answer has no head here');
    return head;
  }
}

const linesOf = (headers: readonly (readonly [string, string])[]): string =>
  headers.map(([name, value]) => headerLine(name, value)).join('');

function headOf(
  status: number,
  { encoding, etag, body }: Representation,
  lasting: readonly [string, string][],
): HeadPair {
  const common = linesOf([
    ['cache-status', 'inkwell; hit'],
    ['etag', etag],
  ]);
  const coding = encoding === 'identity' ? '' : headerLine('content-encoding', encoding);
  const length = headerLine('content-length', String(body.length));
  const text = body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;
  const notAboutContent = lasting.filter(([name]) => !ABOUT_CONTENT.has(name));
  return {
    full: new PreparedHead(status, common + linesOf(lasting) + coding + length, text),
    notModified: new PreparedHead(304, common + linesOf(notAboutContent), undefined),
  };
}
