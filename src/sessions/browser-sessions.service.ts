import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../config.js';
import type { Client } from '../platform/access/client.js';
import type { Principal, Role } from '../platform/access/principal.js';
import { type Transaction, TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { newOpaqueToken, opaqueTokenHash } from '../platform/secrets/opaque-token.js';
import { MAX_DAYS } from './session-lifetime.js';
import {
  FIND_BROWSER_SESSION,
  KEEP_BROWSER_SESSION,
  OPEN_BROWSER_SESSION,
  REPLACE_COOKIE,
} from './sessions.queries.js';
import { MAX_USER_AGENT_LENGTH } from './sessions.service.js';

/** `__Host-` cookies are set by this very host, over HTTPS, for every path (RFC 6265bis §4.1.3.2). */
const SECURE_COOKIE = '__Host-inkwell';
/** For development. Never accepted over HTTPS, where another host or a plain connection could have set it. */
const PLAIN_COOKIE = 'inkwell';
const SECONDS_A_DAY = 86_400;

interface BrowserSessionRow {
  readonly id: string;
  readonly user_id: number;
  readonly username: string;
  readonly role: Role;
  readonly expires_at: Date;
  readonly is_due: boolean;
}

/** Sessions of browsers: an opaque cookie, read from the database by every request, so that a revocation acts at once. */
@Injectable()
export class BrowserSessions {
  private readonly isPublicHttps: boolean;

  constructor(
    { publicUrl }: Config,
    private readonly pool: Pool,
    private readonly transactions: TransactionRunner,
  ) {
    this.isPublicHttps = publicUrl?.startsWith('https:') === true;
  }

  /** @returns the secret of the cookie; null if the password has changed since it was checked */
  async open(
    user: { readonly id: number; readonly passwordHash: string },
    userAgent: string,
  ): Promise<string | null> {
    const secret = newOpaqueToken();
    const device = userAgent.slice(0, MAX_USER_AGENT_LENGTH);
    const { rowCount } = await this.transactions.run((tx) =>
      tx.query(OPEN_BROWSER_SESSION, [user.id, user.passwordHash, device, opaqueTokenHash(secret)]),
    );
    return rowCount === 1 ? secret : null;
  }

  /** The owner of a request's cookie. Undefined if there is none, or if its session was revoked or has ended. */
  async find(client: Client): Promise<Principal | undefined> {
    const secret = this.secretOf(client);
    if (secret === undefined) return undefined;
    const { rows } = await this.pool.query<BrowserSessionRow>(FIND_BROWSER_SESSION, [
      opaqueTokenHash(secret),
    ]);
    const [session] = rows;
    if (session === undefined) return undefined;
    const { id, user_id: userId, username, role, expires_at: expiresAt } = session;
    if (session.is_due) await this.pool.query(KEEP_BROWSER_SESSION, [id]);
    return { userId, username, role, sessionId: id, expiresAt: Math.floor(expiresAt.getTime() / 1000) };
  }

  /** Gives a session another cookie, as after a password change. Runs within a transaction. @returns its secret */
  async replaceCookie(tx: Transaction, sessionId: string): Promise<string> {
    const secret = newOpaqueToken();
    await tx.query(REPLACE_COOKIE, [sessionId, opaqueTokenHash(secret)]);
    return secret;
  }

  /** @returns the value of `Set-Cookie` */
  cookieOf(secret: string, client: Client): string {
    return this.cookie(secret, MAX_DAYS * SECONDS_A_DAY, client);
  }

  /** @returns the value of `Set-Cookie` that removes the cookie */
  noCookie(client: Client): string {
    return this.cookie('', 0, client);
  }

  private cookie(value: string, seconds: number, client: Client): string {
    const secure = this.isSecure(client) ? '; Secure' : '';
    return `${this.nameFor(client)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
  }

  private isSecure({ isSecure }: Client): boolean {
    return isSecure || this.isPublicHttps;
  }

  private nameFor(client: Client): string {
    return this.isSecure(client) ? SECURE_COOKIE : PLAIN_COOKIE;
  }

  private secretOf(client: Client): string | undefined {
    const name = this.nameFor(client);
    const pairs = (client.cookie ?? '').split(';').map((pair) => pair.trim());
    // Two cookies of one name would come from someone who wants to choose the session.
    const values = pairs
      .filter((pair) => pair.startsWith(`${name}=`))
      .map((pair) => pair.slice(name.length + 1));
    return values.length === 1 && /^[\w-]{43}$/.test(values[0]!) ? values[0] : undefined;
  }
}
