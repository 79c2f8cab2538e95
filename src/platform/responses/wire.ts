import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';

export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** The bytes of an answer in one content coding. Each coding has its own ETag (RFC 9110 §8.8.3.3). */
export interface Representation {
  readonly encoding: ContentEncoding;
  readonly etag: string;
  readonly body: Buffer;
}

/** Bodies up to this size are also kept as text. Head and body then form one string, which Node sends in one write. */
const MAX_TEXT_BYTES = 16 * 1024;

/** The form of a body that the front door writes to the socket. Text has one byte per character. */
const wireForm = (body: Buffer): string | Buffer =>
  body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;

/** The memory that a body takes together with its wire form. */
export const wireBytes = (body: Buffer): number => body.length * (body.length <= MAX_TEXT_BYTES ? 2 : 1);

/** The field that `writeHead` sets and that the code sending the body reads: the head as text, up to its empty line. */
interface HasHead {
  _header: string;
}

let second = 0;
let date = '';

/** The `Date` header of the current second. */
function httpDate(nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  if (now !== second) {
    second = now;
    date = new Date(nowMs).toUTCString();
  }
  return date;
}

const statusLine = (status: number): string => `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
const headerLine = (name: string, value: string): string => `${name}: ${value}\r\n`;

/** The last lines of a head on a keep-alive connection, as Node writes them. */
export const keepAliveLines = ({ keepAliveTimeout }: Server): string =>
  `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeout / 1000)}\r\n\r\n`;

/**
 * Sends a prepared head and a body in one write. Node would validate, join and store each header again, which is a
 * quarter of the cost of a hit. These headers were validated when the router sent the original answer.
 * @param head status line and headers without `Date`
 * @param end keepAliveLines of the server
 * @param body text has one byte per character
 */
export function sendPrepared(
  response: ServerResponse,
  { head, end, body }: { head: string; end: string; body: string | Buffer | undefined },
): void {
  // The one step that the public API does not offer. A test compares every byte with Node's own output.
  (response as unknown as HasHead)._header = `${head}Date: ${httpDate(Date.now())}\r\n${end}`;
  if (typeof body === 'string') response.end(body, 'latin1');
  else response.end(body);
}

/** Set for each answer, or by Node itself. */
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

/** Status and headers of an answer in any coding. */
interface AnswerHeaders {
  readonly status: number;
  readonly contentType: string;
  /** The headers of this answer only. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The header lines that all answers of a route have in common, taken from an answer of the router.
 * @param own the headers of this answer only
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

/** The headers that differ in each answer with the same prepared head. */
interface Volatile {
  readonly requestId: string;
  readonly ageSeconds: number;
  readonly cacheStatus: string;
}

/** The head of an answer, without the headers that differ each time. */
class PreparedHead {
  private readonly first: string;

  constructor(
    readonly status: number,
    private readonly rest: string,
    readonly body: string | Buffer | undefined,
  ) {
    this.first = statusLine(status);
  }

  /** The complete head, without the lines that end it. */
  with({ requestId, ageSeconds, cacheStatus }: Volatile): string {
    return `${this.first}x-request-id: ${requestId}\r\nage: ${ageSeconds}\r\ncache-status: ${cacheStatus}\r\n${this.rest}`;
  }
}

/** The two heads of one representation. */
interface HeadPair {
  readonly full: PreparedHead;
  readonly notModified: PreparedHead;
}

/** The heads of all representations of an answer. */
export class PreparedHeads {
  private readonly heads = new Map<Representation, HeadPair>();

  /** @param common see commonLines @param forCdn see CachedRoute */
  constructor(
    answer: { readonly representations: readonly Representation[]; readonly content: AnswerHeaders },
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

function pairOf(content: AnswerHeaders, { encoding, etag, body }: Representation, shared: string): HeadPair {
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

export interface ReadHeaders {
  acceptEncoding: string | undefined;
  ifNoneMatch: string | undefined;
  requestId: string | undefined;
  /** True if the answer depends on more than the front door knows: credentials, CORS, a body. */
  isRouted: boolean;
}

/** Header names that send a request through the router, by their length. */
const ROUTED: Readonly<Record<number, string>> = {
  6: 'origin',
  13: 'authorization',
  14: 'content-length',
  17: 'transfer-encoding',
};

/** Reads the few headers that decide a hit from Node's raw list, without building an object of all headers. */
export function readHeaders(raw: readonly string[]): ReadHeaders {
  const read: ReadHeaders = {
    acceptEncoding: undefined,
    ifNoneMatch: undefined,
    requestId: undefined,
    isRouted: false,
  };
  for (let i = 0; i < raw.length; i += 2) {
    const { length } = raw[i]!;
    // Skips most headers of a browser by their length.
    if (length !== 6 && (length < 12 || length > 17)) continue;
    const name = raw[i]!.toLowerCase();
    if (name === 'accept-encoding') read.acceptEncoding = join(read.acceptEncoding, raw[i + 1]!);
    else if (name === 'if-none-match') read.ifNoneMatch = join(read.ifNoneMatch, raw[i + 1]!);
    else if (name === 'x-request-id') read.requestId = join(read.requestId, raw[i + 1]!);
    else if (ROUTED[length] === name) read.isRouted = true;
  }
  return read;
}

const join = (before: string | undefined, value: string): string =>
  before === undefined ? value : `${before}, ${value}`;
