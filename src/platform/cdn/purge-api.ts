import { HttpCallFailed, type HttpService, retryAfterSeconds } from '../http/http.module.js';
import { PurgeFailed } from './cdn-provider.js';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
const TOO_MANY_REQUESTS = 429;
/** Used if a 429 does not tell how long to wait. */
const DEFAULT_RETRY_SECONDS = 10;
/** Rate limits count by the hour at most. A longer wait must be a mistake, and would delay every purge. */
const MAX_RETRY_SECONDS = 3_600;

interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Calls a CDN's API. @returns the parsed answer, or its text if it is not JSON @throws PurgeFailed */
export async function callPurgeApi(http: HttpService, { url, headers, body }: Request): Promise<unknown> {
  try {
    const { data } = await http.axiosRef.post<string>(
      url,
      body === undefined ? undefined : JSON.stringify(body),
      {
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        timeout: TIMEOUT_MS,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: 'text',
        attempts: 1,
      },
    );
    return parsed(data);
  } catch (error) {
    if (!(error instanceof HttpCallFailed)) throw error;
    throw failureOf(error, headers);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Some servers repeat the refused request with its headers, including the token. */
const withoutTokens = (text: string, headers: Request['headers']): string =>
  Object.values(headers).reduce(
    (left, value) => left.replaceAll(value.replace(/^Bearer /, ''), '[hidden]'),
    text,
  );

function failureOf(error: HttpCallFailed, headers: Request['headers']): PurgeFailed {
  const { message, answer, cause } = error;
  if (answer === undefined) return new PurgeFailed(message, undefined, { cause });
  const responseText =
    typeof answer.data === 'string' ? withoutTokens(answer.data, headers).slice(0, 300) : '';
  const isLimited = answer.status === TOO_MANY_REQUESTS;
  return new PurgeFailed(
    responseText === '' ? message : `${message}: ${responseText}`,
    isLimited ? waitOf(answer.headers) : undefined,
  );
}

/** Fastly reports when its hour restarts, instead of `Retry-After`. */
function waitOf(headers: Readonly<Record<string, unknown>>): number {
  const seconds = retryAfterSeconds(headers) ?? Number(headers['fastly-ratelimit-reset']) - Date.now() / 1000;
  return seconds > 0 ? Math.min(seconds, MAX_RETRY_SECONDS) : DEFAULT_RETRY_SECONDS;
}
