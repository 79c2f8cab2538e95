import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Config } from '../config.js';
import { keyRing } from '../platform/secrets/key-ring.js';

/** The keys of one kind of token, by the ids that its header names: no kind passes as another. */
export class SigningKeys {
  readonly currentId: string;
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(config: Config, purpose: string) {
    const ring = keyRing(config.authSecret ?? [], purpose);
    this.currentId = ring.current.id;
    this.keys = new Map(ring.all.map(({ id, bytes }) => [id, createSecretKey(bytes)]));
  }

  /** @throws when the ring has no such key */
  get(id: string | undefined): KeyObject {
    const key = this.keys.get(id ?? '');
    if (key === undefined) throw new Error('The token names no key of the ring');
    return key;
  }
}
