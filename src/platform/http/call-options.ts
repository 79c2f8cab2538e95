import 'axios';

declare module 'axios' {
  interface AxiosRequestConfig {
    /**
     * For addresses that a user has given: connects to public ones only, checked after DNS on the address connected to,
     * and after each redirect, should any be followed. It has connections of its own.
     */
    publicOnly?: boolean;
    /** How often it is tried, at most. Default: 3 with an idempotent method, else 1. */
    attempts?: number;
  }
}

/** Either way: bodies are kept whole in memory. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** What a call has unless it says otherwise. `timeout` is for the whole call, in ms. */
export const callDefaults = (timeoutMs: number) =>
  ({
    timeout: timeoutMs,
    headers: { 'user-agent': 'Inkwell' },
    maxContentLength: MAX_BODY_BYTES,
    maxBodyLength: MAX_BODY_BYTES,
    maxRedirects: 0,
    // A proxy would connect in our place, past the check of the address.
    proxy: false,
    // An answer that is no JSON, to a call that asked for it with `responseType: 'json'`, is an error and no string.
    transitional: { silentJSONParsing: false },
  }) as const;
