import { hash, verify } from '@node-rs/argon2';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Config } from '../../config.js';
import { registerObservedGauge } from '../metrics/observed-gauge.js';
import { HashQueue } from './hash-queue.js';

/** Argon2id as OWASP advises it; the package's `Algorithm` is a const enum, which isolated modules cannot read. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing runs on libuv's threads (4 unless UV_THREADPOOL_SIZE says): one stays free for DNS and files. */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
const slotsOf = ({ webConcurrency }: Config): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / webConcurrency), threads - 1));
/** About two seconds of work for one slot. */
const MAX_WAITING = 128;

/** The same text typed on two systems must be the same password. */
const normalised = (password: string): string => password.normalize('NFKC');

/** Makes and checks password hashes, as many at once as this process has cores; refuses with 503 what would wait too long. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue: HashQueue;
  private dummyHash = '';

  constructor(config: Config) {
    this.queue = new HashQueue(slotsOf(config), MAX_WAITING);
    registerObservedGauge({
      name: 'password_hash_queue_depth',
      help: 'Passwords that wait to be hashed or checked.',
      read: () => ({ '': this.queueDepth }),
    });
  }

  /** Passwords that wait to be hashed or checked. */
  get queueDepth(): number {
    return this.queue.depth;
  }

  async onModuleInit(): Promise<void> {
    this.dummyHash = await this.hash(randomBytes(32).toString('base64url'));
  }

  /** @returns a PHC string, with its salt and parameters */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(normalised(password), PARAMETERS));
  }

  /**
   * @param passwordHash null of an account that does not exist or has no password: the answer is then false, after the
   * same work as for any other
   */
  async matches(passwordHash: string | null, password: string): Promise<boolean> {
    const isMatch = await this.queue.run(() => verify(passwordHash ?? this.dummyHash, normalised(password)));
    return isMatch && passwordHash !== null;
  }
}
