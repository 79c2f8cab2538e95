import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import type { PolicyName } from '../platform/rate-limits/rate-limit-policies.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';
import { User } from './user.entity.js';
import { UserTaken } from './users.problems.js';

/**
 * Limits conflicts, because each 409 reveals that an address has an account. After the quota is used up, a free address
 * is refused as well, which reveals nothing.
 */
@Injectable()
export class AccountConflicts {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly limits: RateLimits,
  ) {}

  hasName(username: string): Promise<boolean> {
    return this.users.existsBy({ username });
  }

  hasEmail(email: string): Promise<boolean> {
    return this.users.createQueryBuilder('u').where('lower(u.email) = lower(:email)', { email }).getExists();
  }

  /**
   * Counts before the check, so that concurrent requests gain nothing. The use is taken back unless there is a
   * conflict.
   * @throws RateLimited, UserTaken
   */
  async count<T>(quotas: readonly [PolicyName, string][], write: () => Promise<T>): Promise<T> {
    const undo = await this.limits.consumeAll(quotas);
    let isConflict = false;
    try {
      return await write();
    } catch (error) {
      isConflict = error instanceof UserTaken || isUniqueViolation(error);
      throw isConflict ? new UserTaken() : error;
    } finally {
      if (!isConflict) await undo();
    }
  }
}
