export interface ReadHeaders {
  acceptEncoding: string | undefined;
  ifNoneMatch: string | undefined;
  requestId: string | undefined;
  /** True when the answer depends on more than the front door knows: credentials, CORS, a body. */
  isRouted: boolean;
}

/** Names that send a request through the router, by length. */
const ROUTED: Readonly<Record<number, string>> = {
  6: 'origin',
  13: 'authorization',
  14: 'content-length',
  17: 'transfer-encoding',
};

/** Reads the few headers that decide a hit from Node's raw list, without building the object of all of them. */
export function readHeaders(raw: readonly string[]): ReadHeaders {
  const read: ReadHeaders = {
    acceptEncoding: undefined,
    ifNoneMatch: undefined,
    requestId: undefined,
    isRouted: false,
  };
  for (let i = 0; i < raw.length; i += 2) {
    const { length } = raw[i]!;
    // Most headers of a browser end here: only names of these lengths are looked at.
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
