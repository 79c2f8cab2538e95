import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { randomBytes } from 'node:crypto';
import { Repository } from 'typeorm';
import type { Role } from '../platform/access/principal.js';
import { type Transaction, TransactionRunner } from '../platform/database/transaction-runner.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CredentialsService } from './credentials.service.js';
import type { UserKey } from './user-key.js';
import { User } from './user.entity.js';
import { UserRegistered, UserRemoved, UserRoleChanged } from './users.events.js';
import { UserNotFound } from './users.problems.js';

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

  /** Locked until the end of the transaction. @throws UserNotFound */
  async lock(tx: Transaction, key: UserKey): Promise<User> {
    const user = await tx.manager.findOne(User, { where: key, lock: { mode: 'pessimistic_write' } });
    if (user === null) throw new UserNotFound();
    return user;
  }

  /**
   * An author that an import met: nobody can log in as one before `resetPassword`.
   * @param username must be a user name (`isUserName`); a reserved one is allowed @param quiet webhooks are not told
   * @returns the id, of the account with this name where there is one
   */
  async createWithoutPassword(
    tx: Transaction,
    username: string,
    displayName: string,
    quiet = true,
  ): Promise<number> {
    const existing = await tx.manager.findOneBy(User, { username });
    if (existing !== null) return existing.id;
    // Somebody may register the name at this moment; DO UPDATE waits for them and returns their row.
    const { rows } = await tx.query<{ id: number; is_new: boolean }>(
      `INSERT INTO users (username, display_name, role) VALUES ($1, $2, 'author')
       ON CONFLICT (username) DO UPDATE SET username = excluded.username RETURNING id, xmax = 0 AS is_new`,
      [username, displayName],
    );
    const { id, is_new: isNew } = rows[0]!;
    if (isNew) tx.record(UserRegistered({ id, username, quiet }));
    return id;
  }

  /** Acts at once, also for the sessions the user has. @throws UserNotFound */
  async setRole(username: string, role: Role): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { id, role: before } = await this.lock(tx, { username });
      if (role === before) return;
      await tx.manager.update(User, id, { role });
      const sessionIds = await this.sessions.validIds(tx, id);
      tx.record(UserRoleChanged({ id, username, role, session_ids: sessionIds }));
    });
  }

  /** Ends all sessions of the user. @returns the new password, 20 characters @throws UserNotFound */
  async resetPassword(username: string): Promise<string> {
    const password = randomBytes(GENERATED_PASSWORD_BYTES).toString('base64url');
    const passwordHash = await this.credentials.hash(password);
    await this.transactions.run(async (tx) => {
      const { id } = await this.lock(tx, { username });
      await tx.manager.update(User, id, { passwordHash });
      await this.sessions.revokeOthers(tx, id, null);
    });
    return password;
  }

  /** Deletes what is known of a person; the posts stay, without an author. @throws UserNotFound */
  async remove(key: UserKey): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { id, username } = await this.lock(tx, key);
      const sessionIds = await this.sessions.validIds(tx, id);
      await tx.manager.delete(User, id);
      tx.record(UserRemoved({ id, username, session_ids: sessionIds }));
    });
  }
}
