import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../http/request-text.js';
import type { Answer } from '../http/answer-parser.js';
import { Register } from '../history/register.js';
import { loginOf, registration, tokenOf, removal } from './accounts.js';
import type { Changes } from './changes.js';
import type { Stage } from './stage.js';
import type { World } from './world.js';

/**
 * Something that is created, exists for a while, and is deleted for good: it exists at version 1, but not at 0 and 2.
 */
const isThere = (version: number): boolean => version === 1;
/** How long its absence is checked. */
const AFTERLIFE_MS = 1_500;
/** The longest that a read of it can take. */
const LONGEST_READ_MS = 10_000;

/** Posts, accounts and sessions that come and go, one of each at a time. */
export class Lives {
  private changes!: Changes;
  private count = 0;
  private readonly alive = new Set<Register>();

  constructor(
    private readonly stage: Stage,
    private readonly world: World,
  ) {}

  async run(changes: Changes, isOver: () => boolean): Promise<void> {
    this.changes = changes;
    await Promise.all(
      [this.livePost, this.livePost, this.liveUser, this.liveSession].map(async (live) => {
        while (!isOver()) await live.call(this);
      }),
    );
  }

  /** The database has another history now, in which they may or may not exist. */
  abandon(): void {
    for (const register of this.alive) register.isAbandoned = true;
    this.alive.clear();
  }

  private register(name: string): Register {
    const register = this.world.probes.register(name, 0, isThere);
    this.alive.add(register);
    return register;
  }

  /** Keeps the register for as long as a read may take, because a replaced database may still contain it. */
  private end(register: Register): void {
    setTimeout(() => this.alive.delete(register), LONGEST_READ_MS).unref();
  }

  private async livePost(): Promise<void> {
    const { probes, listed } = this.world;
    const number = this.next();
    const [account, slug] = [this.stage.random.pick(this.world.accounts), `passing-${number}`];
    const register = this.register(slug);
    const stops = [`/blog/api/posts/${slug}`, `/blog/posts/${slug}`].map((path) =>
      probes.addPassing({ path, weight: 1, shows: () => [register] }),
    );
    listed.add(register);
    const title = register.mark(1);
    const body = { title, content: title, slug, category_name: 'Passing' };
    await this.untilDone(register, {
      method: 'POST',
      path: '/blog/api/posts',
      token: account.token,
      headers: { 'idempotency-key': `passing-${number}` },
      body,
    });
    await this.stay();
    await this.untilDone(register, {
      method: 'DELETE',
      path: `/blog/api/posts/${slug}`,
      token: account.token,
    });
    await sleep(AFTERLIFE_MS);
    for (const stop of stops) stop();
    listed.delete(register);
    this.end(register);
  }

  private async liveUser(): Promise<void> {
    const { probes } = this.world;
    const username = `passing-${this.next()}`;
    const register = this.register(username);
    const path = `/api/users/${username}`;
    const stop = probes.addPassing({ path, weight: 1, shows: () => [], presence: register });
    const isMade = await this.once(register, registration(username));
    const login = new Register(-1, 'login');
    this.alive.add(login);
    const token = isMade === undefined ? undefined : await this.logIn(login, username);
    this.alive.delete(login);
    if (token !== undefined) {
      await this.stay();
      await this.untilDone(register, removal(path, token));
      await sleep(AFTERLIFE_MS);
    }
    stop();
    this.end(register);
  }

  private async liveSession(): Promise<void> {
    const { probes, accounts } = this.world;
    const { username } = this.stage.random.pick(accounts);
    const session = this.register(`session ${this.next()} of ${username}`);
    const token = await this.logIn(session, username);
    if (token === undefined) return void this.alive.delete(session);
    const path = '/blog/api/posts?limit=1';
    const stop = probes.addPassing({ path, weight: 1, shows: () => [], credentials: { token, session } });
    await this.stay();
    await this.untilDone(session, { method: 'POST', path: '/api/logout', token });
    await sleep(AFTERLIFE_MS);
    stop();
    this.end(session);
  }

  /** @returns the access token, if there was an answer */
  private async logIn(session: Register, username: string): Promise<string | undefined> {
    const answer = await this.once(session, loginOf(username));
    return answer === undefined ? undefined : tokenOf(answer);
  }

  /** @returns the answer, if it was acknowledged */
  private async once(register: Register, change: Change): Promise<Answer | undefined> {
    const { outcome, answer, node } = await this.changes.send(register, register.begin(''), change);
    if (outcome === 'acknowledged') return answer;
    await this.changes.untilSettled(node);
    return undefined;
  }

  /** Repeats the request as long as its outcome is unknown. */
  private async untilDone(register: Register, change: Change): Promise<void> {
    const event = register.begin('');
    for (let isRepeated = false; ; isRepeated = true) {
      const { outcome, node } = await this.changes.send(register, event, change, isRepeated);
      if (outcome === 'acknowledged' || outcome === 'settled' || outcome === 'refused') return;
      if (outcome === 'unknown' || outcome === 'overdue') await this.changes.untilSettled(node);
    }
  }

  private stay(): Promise<void> {
    return sleep(300 + this.stage.random.next() * 1_500);
  }

  private next(): number {
    this.count += 1;
    return this.count;
  }
}
