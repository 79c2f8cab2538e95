import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../support/accounts.js';
import { ask, type WireAnswer, type WireOptions } from '../support/wire.js';

const PAUSE_MS = 5;
const READS = ['/blog/api/posts', '/blog/', '/blog/api/categories', '/blog/api/posts?limit=5', '/health'];

export interface Acknowledged {
  readonly id: number;
  readonly title: string;
}

/** Readers and writers that run until they are stopped, and record every unexpected answer. */
export class SteadyLoad {
  private isOver = false;
  private sent = 0;
  private readonly working: Promise<void>[] = [];
  readonly failures: string[] = [];
  /** The latest title of each post for which a 2xx was received. */
  readonly acknowledged = new Map<number, string>();
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly url: string,
    private readonly author: Account,
  ) {}

  get requests(): number {
    return this.sent;
  }

  /** @param readers half of them on keep-alive connections, half on a new one for each request */
  start({ readers, writers }: { readers: number; writers: number }): void {
    for (let i = 0; i < readers; i += 1) this.working.push(this.read(i % 2 === 0));
    for (let i = 0; i < writers; i += 1) this.working.push(this.write(i));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.working);
    this.agent.destroy();
  }

  private async read(isKeptAlive: boolean): Promise<void> {
    const options = isKeptAlive ? { agent: this.agent } : {};
    for (let i = 0; !this.isOver; i += 1) {
      const headers: Record<string, string> = isKeptAlive ? {} : { connection: 'close' };
      await this.send(READS[i % READS.length]!, 'GET', headers, options);
      await sleep(PAUSE_MS);
    }
  }

  /** Each writer has posts of its own, so that their latest titles are known. */
  private async write(writer: number): Promise<void> {
    for (let i = 0; !this.isOver; i += 1) {
      const title = `Post ${i} of writer ${writer}`;
      const post = await this.change('/blog/api/posts', 'POST', { title, content: 'Kept.' });
      if (post !== undefined) {
        const body = { title: `${title}, revised` };
        await this.change(`/blog/api/posts/${post.id}`, 'PATCH', body);
        await this.send(`/blog/api/posts/${post.id}`, 'GET', {}, { agent: this.agent });
      }
      await sleep(PAUSE_MS);
    }
  }

  private async change(path: string, method: string, body: object): Promise<Acknowledged | undefined> {
    const headers = { authorization: `Bearer ${this.author.token}`, 'content-type': 'application/json' };
    const options = { agent: this.agent, body: JSON.stringify(body) };
    const answer = await this.send(path, method, headers, options);
    if (answer === undefined) return undefined;
    const post = JSON.parse(answer.body.toString()) as Acknowledged;
    this.acknowledged.set(post.id, post.title);
    return post;
  }

  /** @returns the answer if it is as expected */
  private async send(
    path: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    options: WireOptions,
  ): Promise<WireAnswer | undefined> {
    this.sent += 1;
    const what = `${new Date().toISOString()} ${method} ${path}`;
    try {
      const answer = await ask({ url: this.url }, path, headers, method, options);
      if (answer.status < 400) return answer;
      this.failures.push(`${what}: ${answer.status} ${answer.body.toString()}`);
    } catch (error) {
      this.failures.push(`${what}: ${(error as Error).message}`);
    }
    return undefined;
  }
}
