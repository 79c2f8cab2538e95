import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../platform/secrets/key-ring.js';

const DEVICE_COOKIE = 'inkwell_device';
const LIFETIME_SECONDS = 30 * 86_400;
const MAX_USERS = 5;
const ID_BYTES = 16;
const FORM = new RegExp(
  `(?:^|;\\s*)${DEVICE_COOKIE}=([\\w-]{22})\\.((?:\\d{1,10}-\\d{1,12}_?){1,${MAX_USERS}})\\.([\\w-]{43})(?:;|$)`,
);

/** A browser, and when users last logged in with it. */
export interface Device {
  readonly id: string;
  /** Seconds since the epoch, by user id. */
  readonly logins: ReadonlyMap<number, number>;
}

const sign = (text: string, key: Buffer): string =>
  createHmac('sha256', key).update(text).digest('base64url');

const isSignature = (given: string, text: string, { all }: KeyRing): boolean =>
  all.some(({ bytes }) => timingSafeEqual(Buffer.from(given), Buffer.from(sign(text, bytes))));

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** @returns null if the cookie is missing or not valid */
export function readDevice(cookieHeader: string | undefined, keys: KeyRing): Device | null {
  const [, id = '', logins = '', signature = ''] = FORM.exec(cookieHeader ?? '') ?? [];
  if (id === '' || !isSignature(signature, `${id}.${logins}`, keys)) return null;
  const entries = logins.split('_').map((login) => login.split('-').map(Number) as [number, number]);
  const oldest = nowSeconds() - LIFETIME_SECONDS;
  return { id, logins: new Map(entries.filter(([, seconds]) => seconds > oldest)) };
}

/** Where a browser logs in. The cookie is sent there only, so cached reads never see it. */
export type LoginPath = '/api/login' | '/studio';

/** @returns the value of `Set-Cookie` that marks a browser as this user's for 30 days */
export function deviceCookie(
  device: Device | null,
  userId: number,
  keys: KeyRing,
  { isSecure, path }: { readonly isSecure: boolean; readonly path: LoginPath },
): string {
  const others = [...(device?.logins ?? [])].filter(([id]) => id !== userId).slice(0, MAX_USERS - 1);
  const logins = [[userId, nowSeconds()], ...others].map((login) => login.join('-')).join('_');
  const text = `${device?.id ?? randomBytes(ID_BYTES).toString('base64url')}.${logins}`;
  const attributes = `Path=${path}; Max-Age=${LIFETIME_SECONDS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return `${DEVICE_COOKIE}=${text}.${sign(text, keys.current.bytes)}; ${attributes}`;
}
