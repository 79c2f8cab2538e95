import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { randomBytes } from 'node:crypto';
import { MoreThan, Repository } from 'typeorm';
import type { Role } from '../platform/access/principal.js';
import { type Transaction, TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { OWN_WORK } from '../platform/passwords/password-hasher.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { lockAdministrators } from './administrators.queries.js';
import { CredentialsService } from './credentials.service.js';
import { forgetResetLink } from './reset-link.queries.js';
import type { UserKey } from './user-key.js';
import { User } from './user.entity.js';
import { UserRegistered, UserRoleChanged } from './users.events.js';
import { UserNotFound } from './users.problems.js';

/** Accounts read per query. */
const PAGE = 500;
const GENERATED_PASSWORD_BYTES = 15;

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly transactions: TransactionRunner,
    private readonly credentials: CredentialsService,
    private readonly sessions: SessionsService,
  ) {}

  findByIdOrName(key: UserKey): Promise<User | null> {
    return this.users.findOneBy(key);
  }

  /** @throws UserNotFound */
  async get(key: UserKey): Promise<User> {
    const user = await this.findByIdOrName(key);
    if (user === null) throw new UserNotFound();
    return user;
  }

  /** All accounts in the order of their creation. */
  async *all(): AsyncGenerator<User> {
    for (let last = 0; ;) {
      const page = await this.users.find({ where: { id: MoreThan(last) }, order: { id: 'ASC' }, take: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      last = page.at(-1)!.id;
    }
  }

  /** Locks the user until the transaction ends. @throws UserNotFound */
  async lock(tx: Transaction, key: UserKey): Promise<User> {
    const user = await tx.manager.findOne(User, { where: key, lock: { mode: 'pessimistic_write' } });
    if (user === null) throw new UserNotFound();
    return user;
  }

  /**
   * Creates the account of an imported author. Nobody can log in to it before `resetPassword`.
   * @param username must be a user name (`isUserName`), which may be reserved
   * @param quiet sends nothing to webhooks
   * @returns the id, of the existing account if there is one with this name
   */
  async createWithoutPassword(
    tx: Transaction,
    username: string,
    displayName: string,
    quiet = true,
  ): Promise<number> {
    const existing = await tx.manager.findOneBy(User, { username });
    if (existing !== null) return existing.id;
    // Someone may be registering the name right now. DO UPDATE waits for them and returns their row.
    const { rows } = await tx.query<{ id: number; is_new: boolean }>(
      `INSERT INTO users (username, display_name, role) VALUES ($1, $2, 'author')
       ON CONFLICT (username) DO UPDATE SET username = excluded.username RETURNING id, xmax = 0 AS is_new`,
      [username, displayName],
    );
    const { id, is_new: isNew } = rows[0]!;
    if (isNew) tx.record(UserRegistered({ id, username, quiet }));
    return id;
  }

  /**
   * Takes effect at once, also for existing sessions.
   * @param sparesLast refuses to demote the last administrator. An operator may, and can promote anybody again.
   * @throws UserNotFound, LastAdministrator 409
   */
  async setRole(username: string, role: Role, { sparesLast = false } = {}): Promise<void> {
    await this.transactions.run(async (tx) => {
      const assertNotLast = sparesLast ? await lockAdministrators(tx) : () => undefined;
      const { id, role: before } = await this.lock(tx, { username });
      if (role === before) return;
      assertNotLast(id);
      await tx.manager.update(User, id, { role });
      const sessionIds = await this.sessions.validIds(tx, id);
      tx.record(UserRoleChanged({ id, username, role, session_ids: sessionIds }));
    });
  }

  /** Ends all sessions of the user. @returns the new password of 20 characters @throws UserNotFound */
  async resetPassword(username: string): Promise<string> {
    const password = randomBytes(GENERATED_PASSWORD_BYTES).toString('base64url');
    const passwordHash = await this.credentials.hash(password, OWN_WORK);
    await this.transactions.run(async (tx) => {
      const { id } = await this.lock(tx, { username });
      await tx.manager.update(User, id, { passwordHash });
      await forgetResetLink(tx, id);
      await this.sessions.revokeOthers(tx, id, null);
    });
    return password;
  }
}
