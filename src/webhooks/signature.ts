import { createHmac } from 'node:crypto';
import { keyOfSecret } from './webhook-secrets.js';

export interface SignedMessage {
  readonly id: string;
  /** The time of this attempt in seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** Headers of the Standard Webhooks specification, version 1: HMAC-SHA256 of `<id>.<timestamp>.<body>`. */
export function signatureHeaders(
  { id, timestamp, body }: SignedMessage,
  secret: string,
): Record<string, string> {
  const hmac = createHmac('sha256', keyOfSecret(secret)).update(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
}
