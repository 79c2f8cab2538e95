import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { buildId } from '../build-info/build-id.js';
import { keyRing } from '../secrets/key-ring.js';

const KEY_ID_BYTES = 8;
const MAC_BYTES = 32;
const SEAL_BYTES = KEY_ID_BYTES + MAC_BYTES;
const SEAL_TEXT_LENGTH = Math.ceil((SEAL_BYTES * 4) / 3);

/**
 * Signs entries before they go to Redis, and accepts only entries with a valid signature for their Redis key and this
 * build. Otherwise anyone with write access to Redis could forge answers or sessions. The signature is an HMAC-SHA256.
 * It does not prove that an entry is current; the snapshot does that.
 */
export class EntrySeal {
  private readonly currentId: string;
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /**
   * @param secrets AUTH_SECRET. The first secret signs, all of them verify.
   * @param kind of entries. A seal of one kind is not valid for another.
   */
  constructor(
    secrets: readonly string[],
    kind: 'answers' | 'objects',
    private readonly build = buildId,
  ) {
    const ring = keyRing(secrets, `${kind} in Redis`);
    this.currentId = ring.current.id;
    this.keys = new Map(ring.all.map(({ id, bytes }) => [id, createSecretKey(bytes)]));
  }

  seal(place: string, payload: Buffer): Buffer {
    return Buffer.concat([this.sealOf(place, payload), payload]);
  }

  /** @returns a view of the payload, or undefined if the seal is not valid */
  open(place: string, sealed: Buffer): Buffer | undefined {
    if (sealed.length < SEAL_BYTES) return undefined;
    const payload = sealed.subarray(SEAL_BYTES);
    return this.isOurs(place, sealed.subarray(0, SEAL_BYTES), payload) ? payload : undefined;
  }

  sealText(place: string, payload: string): string {
    return this.sealOf(place, payload).toString('base64url') + payload;
  }

  /** @param sealed any value read from Redis @returns the payload, or undefined if the seal is not valid */
  openText(place: string, sealed: unknown): string | undefined {
    if (typeof sealed !== 'string' || sealed.length < SEAL_TEXT_LENGTH) return undefined;
    const seal = Buffer.from(sealed.slice(0, SEAL_TEXT_LENGTH), 'base64url');
    const payload = sealed.slice(SEAL_TEXT_LENGTH);
    return seal.length === SEAL_BYTES && this.isOurs(place, seal, payload) ? payload : undefined;
  }

  private sealOf(place: string, payload: string | Buffer): Buffer {
    const mac = this.mac(this.keys.get(this.currentId)!, place, payload);
    return Buffer.concat([Buffer.from(this.currentId, 'latin1'), mac]);
  }

  private isOurs(place: string, seal: Buffer, payload: string | Buffer): boolean {
    const key = this.keys.get(seal.toString('latin1', 0, KEY_ID_BYTES));
    return key !== undefined && timingSafeEqual(this.mac(key, place, payload), seal.subarray(KEY_ID_BYTES));
  }

  /** Includes the length of the place, so that place and payload cannot run into each other. */
  private mac(key: KeyObject, place: string, payload: string | Buffer): Buffer {
    return createHmac('sha256', key)
      .update(`${this.build} ${Buffer.byteLength(place)} ${place}`)
      .update(payload)
      .digest();
  }
}
