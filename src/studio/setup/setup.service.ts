import { Injectable } from '@nestjs/common';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Pool } from 'pg';
import { z } from 'zod';
import { Config } from '../../config.js';
import { type Transaction, TransactionRunner } from '../../platform/outbox/transaction-runner.js';
import { type KeyRing, keyRing } from '../../platform/secrets/key-ring.js';
import { SettingsService, settingsFields } from '../../settings/settings.service.js';
import { createdAccountSchema, RegistrationService } from '../../users/registration.service.js';
import { SetupClosed, WrongSetupToken } from './setup.problems.js';

const HAS_ADMINISTRATOR = `SELECT EXISTS (SELECT FROM users WHERE role = 'admin') AS has_administrator`;
/** The row is inserted once, and every process reads the same. */
const OPEN = `INSERT INTO setup DEFAULT VALUES ON CONFLICT DO NOTHING`;
const READ = `SELECT salt::text FROM setup`;
/** Of two concurrent requests, the second waits for the first, and then finds no row. */
const CLOSE = `DELETE FROM setup RETURNING salt::text`;

export const setupSchema = z.object({
  ...createdAccountSchema.omit({ role: true }).shape,
  title: settingsFields.title,
  language: settingsFields.language,
});

/** Writes the first administrator and the blog's settings. */
@Injectable()
export class SetupWrites {
  constructor(
    private readonly registration: RegistrationService,
    private readonly settings: SettingsService,
  ) {}

  /** Hashes the password, before a transaction is open. @returns the writes of one transaction */
  async prepare({
    title,
    language,
    ...account
  }: z.output<typeof setupSchema>): Promise<(tx: Transaction) => Promise<void>> {
    const create = await this.registration.prepare({ ...account, role: 'admin' });
    const { fixed } = this.settings;
    const changes = {
      ...(fixed.has('title') ? {} : { title }),
      ...(fixed.has('language') ? {} : { language }),
    };
    return async (tx) => {
      await create(tx);
      await this.settings.changeIn(tx, changes);
    };
  }
}

/**
 * The first administrator of an installation. One link, which every replica and every restart prints, works until it is
 * used. It is open again when no administrator is left.
 */
@Injectable()
export class Setup {
  private readonly keys: KeyRing;
  private readonly fixedToken: string | undefined;

  constructor(
    config: Config,
    private readonly pool: Pool,
    private readonly transactions: TransactionRunner,
    private readonly writes: SetupWrites,
  ) {
    this.keys = keyRing(config.authSecret ?? [], 'setup link');
    this.fixedToken = config.setupToken;
  }

  async isOpen(): Promise<boolean> {
    const { rows } = await this.pool.query<{ has_administrator: boolean }>(HAS_ADMINISTRATOR);
    return rows[0]?.has_administrator === false;
  }

  /** The path of the setup page, with its token unless the environment sets it. Null if there is an administrator. */
  async path(): Promise<string | null> {
    if (!(await this.isOpen())) return null;
    await this.pool.query(OPEN);
    const { rows } = await this.pool.query<{ salt: string }>(READ);
    // The setup was completed just now.
    if (rows[0] === undefined) return null;
    if (this.fixedToken !== undefined) return '/studio/setup';
    return `/studio/setup?token=${tokenOf(rows[0].salt, this.keys.current.bytes)}`;
  }

  /** @throws SetupClosed 410 */
  async assertOpen(): Promise<void> {
    if (!(await this.isOpen())) throw new SetupClosed();
  }

  /** @throws SetupClosed 410, WrongSetupToken 403 */
  async assertValid(token: string): Promise<void> {
    await this.assertOpen();
    const { rows } = await this.pool.query<{ salt: string }>(READ);
    this.assertToken(token, rows[0]?.salt);
  }

  /**
   * Creates the first administrator and names the blog. Of two at the same moment, one is refused.
   * @throws SetupClosed 410, WrongSetupToken 403, ValidationFailed 400, UserTaken 409, SettingFixed 409
   */
  async complete(token: string, form: z.output<typeof setupSchema>): Promise<void> {
    await this.assertValid(token);
    const write = await this.writes.prepare(form);
    await this.transactions.run(async (tx) => {
      const { rows } = await tx.query<{ salt: string }>(CLOSE);
      if (rows[0] === undefined) throw new SetupClosed();
      this.assertToken(token, rows[0].salt);
      const found = await tx.query<{ has_administrator: boolean }>(HAS_ADMINISTRATOR);
      if (found.rows[0]?.has_administrator !== false) throw new SetupClosed();
      await write(tx);
    });
  }

  private assertToken(token: string, salt: string | undefined): void {
    const derived = salt === undefined ? [] : this.keys.all.map(({ bytes }) => tokenOf(salt, bytes));
    const accepted = this.fixedToken === undefined ? derived : [this.fixedToken];
    if (!accepted.some((each) => isSame(token, each))) throw new WrongSetupToken();
  }
}

const tokenOf = (salt: string, key: Buffer): string =>
  createHmac('sha256', key).update(salt).digest('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In a time that tells nothing of either. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
