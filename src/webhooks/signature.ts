import { createHmac } from 'node:crypto';
import { keyOfSecret } from './webhook-secrets.js';

export interface Signed {
  readonly id: string;
  /** Seconds since 1970 of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/** Headers by the Standard Webhooks specification, version 1: HMAC-SHA256 of `<id>.<timestamp>.<body>`. */
export function signatureHeaders({ id, timestamp, body }: Signed, secret: string): Record<string, string> {
  const hmac = createHmac('sha256', keyOfSecret(secret)).update(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
}
