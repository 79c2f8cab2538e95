import { randomBytes } from 'node:crypto';

const ACCEPTABLE = /^[\w.-]{1,128}$/;
/** Names this process; the counter names the request. */
const PREFIX = randomBytes(9).toString('base64url');
let served = 0;

/** The caller's `X-Request-Id` when it is harmless in a log line, else a new one, unique across replicas. */
export function requestId(given: string | string[] | undefined): string {
  if (typeof given === 'string' && ACCEPTABLE.test(given)) return given;
  served += 1;
  return `${PREFIX}-${served.toString(36)}`;
}
