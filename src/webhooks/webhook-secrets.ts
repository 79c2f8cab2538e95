import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Config } from '../config.js';
import { type KeyRing, keyRing } from '../platform/secrets/key-ring.js';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A new secret in the format of Standard Webhooks. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** The signing key: the part after the prefix, decoded from base64. */
export const keyOfSecret = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

/** A secret was encrypted with an AUTH_SECRET that is no longer configured. */
export class SecretUnreadable extends Error {
  constructor() {
    super(
      'The secret of the webhook cannot be decrypted: it was encrypted with an AUTH_SECRET that is no longer configured',
    );
  }
}

/**
 * Encrypts secrets for the database: AES-256-GCM with a key derived from AUTH_SECRET, so that a copy of the database
 * cannot sign. The format is `<id of the key>.<base64url of IV, tag and ciphertext>`.
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
  decrypt(stored: string): string {
    const [id, data = ''] = stored.split('.');
    const key = this.keys.all.find((each) => each.id === id);
    if (key === undefined) throw new SecretUnreadable();
    const bytes = Buffer.from(data, 'base64url');
    const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }

  /** False if the secret was encrypted with an older key, which may soon be removed. */
  isCurrent(kept: string): boolean {
    return kept.startsWith(`${this.keys.current.id}.`);
  }
}
