import { hash, verify } from '@node-rs/argon2';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Config } from '../../config.js';
import { registerObservedGauge } from '../metrics/observed-gauge.js';
import { HashQueue } from './hash-queue.js';
import { normalisedPassword } from './normalised-password.js';

/** Argon2id with OWASP's parameters. The package's `Algorithm` is a const enum, which isolated modules cannot read. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing runs on libuv's threads, of which there are 4 by default (UV_THREADPOOL_SIZE). One stays free for DNS and
 * files.
 */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
const slotsOf = ({ webConcurrency }: Config): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / webConcurrency), threads - 1));
/** About two seconds of work for one slot. */
const MAX_WAITING = 128;

/** Used instead of a client network. */
export const OWN_WORK = 'this process';

/**
 * Hashes and checks passwords, with as many at once as this process has cores. Client networks take turns. Answers 503
 * if the wait would be too long.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue: HashQueue;
  private dummyHash = '';

  constructor(config: Config) {
    this.queue = new HashQueue(slotsOf(config), MAX_WAITING);
    registerObservedGauge({
      name: 'password_hash_queue_depth',
      help: 'Passwords waiting to be hashed or checked.',
      read: () => ({ '': this.queueDepth }),
    });
  }

  /** The number of passwords waiting to be hashed or checked. */
  get queueDepth(): number {
    return this.queue.depth;
  }

  async onModuleInit(): Promise<void> {
    this.dummyHash = await this.hash(randomBytes(32).toString('base64url'), OWN_WORK);
  }

  /** @param from the client network of the request @returns a PHC string with its salt and parameters */
  hash(password: string, from: string): Promise<string> {
    return this.queue.run(from, () => hash(normalisedPassword(password), PARAMETERS));
  }

  /**
   * @param passwordHash null for an account that does not exist or has no password. The result is then false, after the
   * same work as for any other account.
   * @param from the client network of the request
   */
  async matches(passwordHash: string | null, password: string, from: string): Promise<boolean> {
    const isMatch = await this.queue.run(from, () =>
      verify(passwordHash ?? this.dummyHash, normalisedPassword(password)),
    );
    return isMatch && passwordHash !== null;
  }
}
