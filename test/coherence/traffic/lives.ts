import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../http/request-text.js';
import type { Answer } from '../http/answer-parser.js';
import { Register } from '../history/register.js';
import { loginOf, registration, tokenOf } from './accounts.js';
import type { Changes } from './changes.js';
import type { Stage } from './stage.js';
import type { World } from './world.js';

/** What comes to be, is there for a while, and is gone for good: version 1 is there, 0 and 2 are not. */
const isThere = (version: number): boolean => version === 1;
/** How long its absence is still asked for. */
const AFTERLIFE_MS = 1_500;

/** Posts, accounts and sessions that come and go, one of each at a time. */
export class Lives {
  private count = 0;

  constructor(
    private readonly stage: Stage,
    private readonly world: World,
    private readonly changes: Changes,
  ) {}

  async run(isOver: () => boolean): Promise<void> {
    await Promise.all(
      [this.livePost, this.livePost, this.liveUser, this.liveSession].map(async (live) => {
        while (!isOver()) await live.call(this);
      }),
    );
  }

  private async livePost(): Promise<void> {
    const { probes, listed } = this.world;
    const number = this.next();
    const [account, slug] = [this.stage.random.pick(this.world.accounts), `passing-${number}`];
    const register = probes.register(slug, 0, isThere);
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
  }

  private async liveUser(): Promise<void> {
    const { probes } = this.world;
    const username = `passing-${this.next()}`;
    const register = probes.register(username, 0, isThere);
    const path = `/api/users/${username}`;
    const stop = probes.addPassing({ path, weight: 1, shows: () => [], presence: register });
    const isMade = await this.once(register, registration(username));
    const token = isMade === undefined ? undefined : await this.logIn(new Register(-1, 'login', 0), username);
    if (token !== undefined) {
      await this.stay();
      await this.untilDone(register, { method: 'DELETE', path, token });
      await sleep(AFTERLIFE_MS);
    }
    stop();
  }

  private async liveSession(): Promise<void> {
    const { probes, accounts } = this.world;
    const { username } = this.stage.random.pick(accounts);
    const session = probes.register(`session ${this.next()} of ${username}`, 0, isThere);
    const token = await this.logIn(session, username);
    if (token === undefined) return;
    const path = '/blog/api/posts?limit=1';
    const stop = probes.addPassing({ path, weight: 1, shows: () => [], credentials: { token, session } });
    await this.stay();
    await this.untilDone(session, { method: 'POST', path: '/api/logout', token });
    await sleep(AFTERLIFE_MS);
    stop();
  }

  /** @returns the access token, if it was answered */
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

  /** Sends the same again as long as nobody knows whether it happened. */
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
