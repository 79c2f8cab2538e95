import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { PasswordHasher } from '../platform/passwords/password-hasher.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';
import { User } from './user.entity.js';

/** A user who has just shown the right password. */
export interface ProvenUser {
  readonly id: number;
  /** The hash that the password was checked against; by the time of a later write it may have changed. */
  readonly passwordHash: string;
}

/** Checks and makes passwords of users. */
@Injectable()
export class CredentialsService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly hasher: PasswordHasher,
    private readonly limits: RateLimits,
  ) {}

  hash(password: string): Promise<string> {
    return this.hasher.hash(password);
  }

  /**
   * The same work, and the same count of failures, for a user who does not exist or has no password.
   * @returns null when the name or the password is wrong
   * @throws RateLimited after too many failures of this name; ServiceUnavailable when too many wait
   */
  async check(username: string, password: string): Promise<ProvenUser | null> {
    // Counted before the check, so that guesses sent at one moment are no more than guesses sent one by one.
    const attempt = await this.limits.consume('login-account', username);
    let isFailure = false;
    try {
      const user = await this.prove(username, password);
      isFailure = user === null;
      return user;
    } finally {
      if (!isFailure) await attempt.undo();
    }
  }

  private async prove(username: string, password: string): Promise<ProvenUser | null> {
    const user = await this.users.findOne({
      where: { username },
      select: { id: true, passwordHash: true },
    });
    const passwordHash = user?.passwordHash ?? null;
    const isMatch = await this.hasher.matches(passwordHash, password);
    return user === null || passwordHash === null || !isMatch ? null : { id: user.id, passwordHash };
  }
}
