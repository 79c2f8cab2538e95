import type { PostDetail } from '../../src/blog/posts.service.js';
import { Random } from '../../src/transfer/random.js';
import { PASSWORD } from '../support/accounts.js';
import type { Inkwell } from '../support/start-inkwell.js';
import { ask, keepingAlive, type WireAnswer } from '../support/wire.js';

export interface Person {
  readonly username: string;
  readonly id: number;
  password: string;
  /** Access tokens of all sessions, valid or not. */
  readonly tokens: string[];
}

/** The part of a run's writes that further writes and reads need. */
export class World {
  /** The first is an administrator, whom nothing happens to. Deleted users stay in this list. */
  readonly people: Person[] = [];
  /** Ids of posts are 1 to this. */
  lastPostId = 0;
  /** Posts that have not been deleted, including drafts. */
  readonly livePosts = new Set<number>();
  readonly slugs = new Set<string>();
  readonly categories = new Set<string>();
  /** Paths of further pages from `Link` headers, the latest last. */
  readonly nextPages: string[] = [];
  /** Every write and its answer, to explain a failure. */
  readonly history: string[] = [];

  get administrator(): Person {
    return this.people[0]!;
  }

  remember(path: string): void {
    if (!this.nextPages.includes(path)) this.nextPages.push(path);
    if (this.nextPages.length > 6) this.nextPages.shift();
  }
}

/** One write of a run: its target, and the numbers that determine it. */
export class Scene {
  readonly random: Random;

  constructor(
    readonly world: World,
    readonly on: Inkwell,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  /** Often the administrator, who may do everything. */
  get someone(): Person {
    const { random, world } = this;
    return random.chance(0.4) ? world.administrator : random.pick(world.people);
  }

  /** Valid or not. */
  get someToken(): string {
    const { tokens } = this.someone;
    return this.random.chance(0.8) ? tokens.at(-1)! : this.random.pick(tokens);
  }

  /** Sends a request, and learns from its answer which posts and categories exist. */
  async send(method: string, path: string, body?: unknown, token?: string): Promise<WireAnswer> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const sent = body === undefined ? keepingAlive : { ...keepingAlive, body: JSON.stringify(body) };
    const answer = await ask(this.on, path, headers, method, sent);
    this.note(`${method} ${path} ${JSON.stringify(body) ?? ''}`, String(answer.status));
    if (answer.status >= 500) throw new Error(`${method} ${path}: ${answer.body.toString()}`);
    if (path.startsWith('/blog/api/posts') && answer.status < 300 && answer.body.length > 0)
      this.learn(JSON.parse(answer.body.toString()) as PostDetail);
    return answer;
  }

  note(what: string, outcome: string): void {
    this.world.history.push(`${what} → ${outcome}`);
  }

  learn({ id, slug, category }: Pick<PostDetail, 'id' | 'slug' | 'category'>): void {
    this.world.lastPostId = Math.max(this.world.lastPostId, id);
    this.world.livePosts.add(id);
    this.world.slugs.add(slug);
    this.world.categories.add(category.slug);
  }

  async login(person: Person): Promise<void> {
    const { username, password } = person;
    const answer = await this.send('POST', '/api/login', { username, password });
    if (answer.status === 200)
      person.tokens.push((JSON.parse(answer.body.toString()) as { token: string }).token);
  }

  async register(username: string): Promise<void> {
    const account = { username, email: `${username}@example.org`, password: PASSWORD };
    const answer = await this.send('POST', '/api/register', account);
    if (answer.status !== 201) return;
    const { id } = JSON.parse(answer.body.toString()) as { id: number };
    const person = { id, username, password: PASSWORD, tokens: [] };
    await this.login(person);
    this.world.people.push(person);
  }
}
