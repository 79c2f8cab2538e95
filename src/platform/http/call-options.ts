import 'axios';

declare module 'axios' {
  interface AxiosRequestConfig {
    /**
     * For URLs given by users. Connects to public addresses only. The check comes after DNS, on the address of the
     * connection, and after each redirect. Such calls have connections of their own.
     */
    publicOnly?: boolean;
    /** The maximum number of attempts. Default: 3 for an idempotent method, otherwise 1. */
    attempts?: number;
  }
}

/** The size limit of request and answer bodies, which are kept in memory as a whole. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** The defaults of a call. `timeout` is for the whole call, in ms. */
export const callDefaults = (timeoutMs: number) =>
  ({
    timeout: timeoutMs,
    headers: { 'user-agent': 'Inkwell' },
    maxContentLength: MAX_BODY_BYTES,
    maxBodyLength: MAX_BODY_BYTES,
    maxRedirects: 0,
    // A proxy would connect on our behalf and bypass the address check.
    proxy: false,
    // With `responseType: 'json'`, an answer that is not JSON is an error rather than a string.
    transitional: { silentJSONParsing: false },
  }) as const;
