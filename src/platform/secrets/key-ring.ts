import { createHash, hkdfSync } from 'node:crypto';

interface Key {
  /** Identifies the key without revealing anything about it. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keys for one purpose. The first signs or encrypts; all of them can verify or decrypt. */
export interface KeyRing {
  readonly current: Key;
  readonly all: readonly Key[];
}

const KEY_BYTES = 32;

function derive(secret: string, purpose: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', `inkwell ${purpose}`, KEY_BYTES));
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8), bytes };
}

/**
 * Derives one key per secret and purpose (HKDF, RFC 5869), so that a key for one purpose is useless for another.
 * @param secrets AUTH_SECRET, the current one first
 */
export function keyRing(secrets: readonly string[], purpose: string): KeyRing {
  const all = secrets.map((secret) => derive(secret, purpose));
  const [current] = all;
  if (current === undefined) throw new Error(`There is no secret to derive the key of ${purpose} from`);
  return { current, all };
}
