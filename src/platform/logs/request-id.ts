import { randomBytes } from 'node:crypto';

const ACCEPTABLE = /^[\w.-]{1,128}$/;
/** Identifies this process. The counter identifies the request. */
const PREFIX = randomBytes(9).toString('base64url');
let served = 0;

/** The caller's `X-Request-Id` if it is safe in a log line, or else a new id that is unique across replicas. */
export function requestId(given: string | string[] | undefined): string {
  if (typeof given === 'string' && ACCEPTABLE.test(given)) return given;
  served += 1;
  return `${PREFIX}-${served.toString(36)}`;
}
