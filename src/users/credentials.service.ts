import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { PasswordHasher } from '../platform/passwords/password-hasher.js';
import { type PasswordOwner, PasswordStrength } from '../platform/passwords/password-strength.js';
import { FailedLogins, type Origin } from './failed-logins.service.js';
import { User } from './user.entity.js';

/** A user who has just sent the right password. */
export interface ProvenUser {
  readonly id: number;
  /** The hash that the password was checked against. It may change before a later write. */
  readonly passwordHash: string;
}

/** Checks and hashes the passwords of users. */
@Injectable()
export class CredentialsService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly hasher: PasswordHasher,
    private readonly failures: FailedLogins,
    private readonly strength: PasswordStrength,
  ) {}

  /** Checks a new password. @throws ValidationFailed if it is easy to guess */
  assertStrong(password: string, owner: PasswordOwner): Promise<void> {
    return this.strength.assertStrong(password, owner);
  }

  /** @param network of the client */
  hash(password: string, network: string): Promise<string> {
    return this.hasher.hash(password, network);
  }

  /**
   * Takes the same time and counts the same failures for a user who does not exist or has no password.
   * @returns null if the name or the password is wrong
   * @throws RateLimited after too many failures of this name from this source; ServiceUnavailable if too many are
   * waiting
   */
  async check(username: string, password: string, origin: Origin): Promise<ProvenUser | null> {
    const undo = await this.failures.begin(username, origin);
    let isFailure = false;
    try {
      const user = await this.prove(username, password, origin.network);
      isFailure = user === null;
      return user;
    } finally {
      if (!isFailure) await undo();
    }
  }

  private async prove(username: string, password: string, network: string): Promise<ProvenUser | null> {
    const user = await this.users.findOne({
      where: { username },
      select: { id: true, passwordHash: true },
    });
    const passwordHash = user?.passwordHash ?? null;
    const isMatch = await this.hasher.matches(passwordHash, password, network);
    return user === null || passwordHash === null || !isMatch ? null : { id: user.id, passwordHash };
  }
}
