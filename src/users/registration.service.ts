import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Config } from '../config.js';
import { TransactionRunner } from '../platform/database/transaction-runner.js';
import { CredentialsService } from './credentials.service.js';
import { User } from './user.entity.js';
import { UserRegistered } from './users.events.js';
import { UserTaken } from './users.problems.js';
import type { RegisteredUser, Registration } from './users.schemas.js';

const INSERT_USER = `
  INSERT INTO users (username, email, password_hash, role) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING RETURNING id, created_at`;

@Injectable()
export class RegistrationService {
  constructor(
    private readonly config: Config,
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly transactions: TransactionRunner,
    private readonly credentials: CredentialsService,
  ) {}

  /** @throws UserTaken also when the other one registers at the same moment */
  async register({ username, email, password }: Registration): Promise<RegisteredUser> {
    // Before the costly hash; what decides is the unique index.
    if (await this.isTaken(username, email)) throw new UserTaken();
    const parameters = [username, email, await this.credentials.hash(password), this.config.defaultRole];
    return this.transactions.run(async (tx) => {
      const { rows } = await tx.query<{ id: number; created_at: Date }>(INSERT_USER, parameters);
      if (rows[0] === undefined) throw new UserTaken();
      const { id, created_at: createdAt } = rows[0];
      tx.record(UserRegistered({ id, username }));
      return { id, username, email, created_at: createdAt.toISOString() };
    });
  }

  private isTaken(username: string, email: string): Promise<boolean> {
    return this.users
      .createQueryBuilder('u')
      .where('u.username = :username OR lower(u.email) = lower(:email)', { username, email })
      .getExists();
  }
}
