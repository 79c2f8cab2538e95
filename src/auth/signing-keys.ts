import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Config } from '../config.js';
import { keyRing } from '../platform/secrets/key-ring.js';

/** The keys of one kind of token, by the key id in its header. No kind passes as another. */
export class SigningKeys {
  readonly currentId: string;
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(config: Config, purpose: string) {
    const ring = keyRing(config.authSecret ?? [], purpose);
    this.currentId = ring.current.id;
    this.keys = new Map(ring.all.map(({ id, bytes }) => [id, createSecretKey(bytes)]));
  }

  /** @throws if the ring has no such key */
  get(id: string | undefined): KeyObject {
    const key = this.keys.get(id ?? '');
    if (key === undefined) throw new Error('The token names a key that is not in the ring');
    return key;
  }
}
