import { createHash, hkdfSync } from 'node:crypto';

interface Key {
  /** Names the key without telling anything of it. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keys for one purpose: the first makes new things, all of them check what was made before. */
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
 * One key for each secret (HKDF, RFC 5869), so that no purpose can be turned against another.
 * @param secrets AUTH_SECRET, the one in use first
 */
export function keyRing(secrets: readonly string[], purpose: string): KeyRing {
  const all = secrets.map((secret) => derive(secret, purpose));
  const [current] = all;
  if (current === undefined) throw new Error(`There is no secret to derive the key of ${purpose} from`);
  return { current, all };
}
