import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Pool } from 'pg';
import { Config } from '../config.js';
import type { Client } from '../platform/access/client.js';
import { type KeyRing, keyRing } from '../platform/secrets/key-ring.js';
import { deviceCookie, type LoginPath, readDevice } from './device-cookie.js';
import type { Origin } from './failed-logins.service.js';

export type { Origin } from './failed-logins.service.js';

const KNOWN_DAYS = 30;

/**
 * $1 is the user name, $2 the hashes of the network under each key of the ring. Returns no row if there is no such
 * user.
 */
const LOOK_UP = `
  SELECT u.id, EXISTS (
    SELECT FROM known_networks k
    WHERE k.user_id = u.id AND k.network = ANY($2) AND k.seen_at > now() - interval '${KNOWN_DAYS} days'
  ) AS is_known FROM users u WHERE u.username = $1`;
/**
 * $1 is the user, $2 the hash of the network. Does nothing if the account was just deleted, and writes once per hour at
 * most.
 */
const REMEMBER = `
  INSERT INTO known_networks (user_id, network) SELECT id, $2 FROM users WHERE id = $1 FOR KEY SHARE
  ON CONFLICT (user_id, network) DO UPDATE SET seen_at = now()
  WHERE known_networks.seen_at < now() - interval '1 hour'`;
export const DELETE_OLD_NETWORKS = `DELETE FROM known_networks WHERE seen_at < now() - interval '${KNOWN_DAYS} days'`;

/**
 * Knows where accounts have logged in from in the last 30 days: browsers by a signed cookie, other clients by network.
 */
@Injectable()
export class KnownDevices {
  private readonly cookieKeys: KeyRing;
  private readonly networkKeys: KeyRing;

  constructor(
    config: Config,
    private readonly pool: Pool,
  ) {
    this.cookieKeys = keyRing(config.authSecret ?? [], 'device cookie');
    this.networkKeys = keyRing(config.authSecret ?? [], 'client network');
  }

  /** The origin of a login, for the limits on failures. It takes the same time whether or not the user exists. */
  async originOf(username: string, { network, cookie }: Client): Promise<Origin> {
    const hashes = this.networkKeys.all.map(({ bytes }) => hashOf(network, bytes));
    const { rows } = await this.pool.query<{ id: number; is_known: boolean }>(LOOK_UP, [username, hashes]);
    const account = rows[0];
    const device = readDevice(cookie, this.cookieKeys);
    const isKnownDevice = account !== undefined && device !== null && device.logins.has(account.id);
    return {
      network,
      accountId: account?.id,
      source: isKnownDevice ? `device:${device.id}` : `network:${network}`,
      isKnown: isKnownDevice || account?.is_known === true,
    };
  }

  /** Call this after a login. @returns the value of `Set-Cookie` */
  async remember(userId: number, { network, cookie, isSecure }: Client, path: LoginPath): Promise<string> {
    await this.pool.query(REMEMBER, [userId, hashOf(network, this.networkKeys.current.bytes)]);
    return deviceCookie(readDevice(cookie, this.cookieKeys), userId, this.cookieKeys, {
      isSecure,
      path,
    });
  }
}

const hashOf = (network: string, key: Buffer): Buffer => createHmac('sha256', key).update(network).digest();
