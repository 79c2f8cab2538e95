import { Injectable } from '@nestjs/common';
import { Config } from '../config.js';
import type { Role } from '../platform/access/principal.js';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import type { Outcome } from '../platform/responses/answer.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { OWN_WORK } from '../platform/passwords/password-hasher.js';
import { AccountConflicts } from './account-conflicts.service.js';
import { CredentialsService } from './credentials.service.js';
import { UserRegistered } from './users.events.js';
import { UserTaken } from './users.problems.js';
import type { CreatedAccount, RegisteredUser, Registration } from './users.schemas.js';

const INSERT_USER = `
  INSERT INTO users (username, email, password_hash, role) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING RETURNING id, created_at`;

export { createdAccountSchema, registrationSchema } from './users.schemas.js';

@Injectable()
export class RegistrationService {
  constructor(
    private readonly config: Config,
    private readonly requests: IdempotentRequests,
    private readonly credentials: CredentialsService,
    private readonly conflicts: AccountConflicts,
  ) {}

  /**
   * @param network of the client, which owns the Idempotency-Key
   * @throws UserTaken, also for concurrent registrations; what IdempotentRequests throws
   */
  async register(
    registration: Registration,
    network: string,
    idempotencyKey?: string,
  ): Promise<Outcome<RegisteredUser>> {
    const { username, email, password } = registration;
    const request = keyed<RegisteredUser>(idempotencyKey, {
      holder: { client: network },
      content: ['POST register', registration],
      hasSecret: true,
      subjectOf: ({ id }) => id,
    });
    await this.credentials.assertStrong(password, { username, email });
    const write = async (isTaken: boolean): Promise<Outcome<RegisteredUser>> => {
      // Checked before the costly hash, but the unique index decides. An earlier attempt of this request may have taken
      // the name.
      if (isTaken && request === undefined) throw new UserTaken();
      const hash = isTaken ? undefined : await this.credentials.hash(password, network);
      const account = { username, email, role: this.config.defaultRole, hash };
      return this.requests.once(request, async (tx) => {
        const { id, created_at } = await insert(tx, account);
        return { id, username, email, created_at };
      });
    };
    // User names are public, so a taken one reveals nothing.
    if (await this.conflicts.hasName(username)) return write(true);
    return this.conflicts.count([['email-conflict', network]], async () =>
      write(await this.conflicts.hasEmail(email)),
    );
  }

  /**
   * For operators, also with closed registration: any role, and no rate limit.
   * @throws ValidationFailed if the password is easy to guess; UserTaken
   */
  async create(account: CreatedAccount): Promise<void> {
    await this.requests.once(undefined, await this.prepare(account));
  }

  /**
   * The first half of `create`, before a transaction is open: hashing takes a while.
   * @returns the other half, which throws UserTaken @throws ValidationFailed
   */
  async prepare({
    username,
    password,
    role,
    ...account
  }: CreatedAccount): Promise<(tx: Transaction) => Promise<void>> {
    const email = account.email ?? null;
    await this.credentials.assertStrong(password, { username, email });
    const hash = await this.credentials.hash(password, OWN_WORK);
    return async (tx) => void (await insert(tx, { username, email, role, hash }));
  }
}

interface StoredAccount {
  readonly username: string;
  readonly email: string | null;
  readonly role: Role;
  /** Undefined if the name or the address was taken a moment ago. */
  readonly hash: string | undefined;
}

/** @throws UserTaken */
async function insert(
  tx: Transaction,
  { username, email, role, hash }: StoredAccount,
): Promise<Pick<RegisteredUser, 'id' | 'created_at'>> {
  if (hash === undefined) throw new UserTaken();
  const parameters = [username, email, hash, role];
  const { rows } = await tx.query<{ id: number; created_at: Date }>(INSERT_USER, parameters);
  if (rows[0] === undefined) throw new UserTaken();
  const { id, created_at: createdAt } = rows[0];
  tx.record(UserRegistered({ id, username }));
  return { id, created_at: createdAt.toISOString() };
}
