import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Config } from '../config.js';
import { type KeyRing, keyRing } from '../platform/secrets/key-ring.js';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** As Standard Webhooks writes a secret. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** The key that signatures are made with: what follows the prefix is base64. */
export const keyOfSecret = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

/** A secret was encrypted with an AUTH_SECRET that is not known any more. */
export class SecretUnreadable extends Error {
  constructor() {
    super('The secret of the webhook cannot be read: it was encrypted with an AUTH_SECRET that is gone');
  }
}

/**
 * Secrets as the database keeps them: AES-256-GCM under a key derived from AUTH_SECRET, so that a copy of the database
 * signs nothing. `<id of the key>.<base64url of IV, tag and ciphertext>`
 */
@Injectable()
export class WebhookSecrets {
  private readonly keys: KeyRing;

  constructor(config: Config) {
    this.keys = keyRing(config.authSecret ?? [], 'webhook secrets');
  }

  encrypt(secret: string): string {
    const { id, bytes } = this.keys.current;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, bytes, iv);
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return `${id}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`;
  }

  /** @throws SecretUnreadable */
  decrypt(kept: string): string {
    const [id, data = ''] = kept.split('.');
    const key = this.keys.all.find((each) => each.id === id);
    if (key === undefined) throw new SecretUnreadable();
    const bytes = Buffer.from(data, 'base64url');
    const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }

  /** Is it encrypted with the key in use, or with one that is going to be taken away? */
  isCurrent(kept: string): boolean {
    return kept.startsWith(`${this.keys.current.id}.`);
  }
}
