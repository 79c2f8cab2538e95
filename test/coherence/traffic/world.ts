import type { Answer } from '../http/answer-parser.js';
import type { Client } from '../http/client.js';
import { type Change, changeText } from '../http/request-text.js';
import type { Observation } from '../history/judge.js';
import type { Row } from '../history/truth.js';
import type { Register } from '../history/register.js';
import { type Account, idOf, loginOf, registration, tokenOf } from './accounts.js';
import type { Probes } from './probes.js';

const AUTHORS = 6;
const POSTS = 16;
const CATEGORIES = 3;
/** They are published and withdrawn, each in a category of its own. */
const DRAFTS = 6;
/**
 * They write nothing but their profiles. So there is enough to write while faults block other writes for seconds,
 * without reloading lists: a post makes ten answers outdated, a profile two.
 */
const READERS = 50;

/** The account for checks of logout, role changes and changes made outside of the application. */
export const TRIED = 'tried';
/** The account that purges. */
export const ADMIN = 'warden';

/** Something that lasts, and how its next version is written. */
export interface Target {
  readonly register: Register;
  readonly change: (version: number) => Change;
  /** The row that shows the version. */
  readonly row: Row;
  /** The pages and answers that show it. */
  readonly path: string;
}

/** A small blog whose answers all show their version. */
export class World {
  readonly targets: Target[] = [];
  readonly accounts: Account[] = [];
  /** Every post in lists, including those that come and go. */
  readonly listed = new Set<Register>();

  private constructor(
    readonly probes: Probes,
    private readonly client: Client,
  ) {}

  static async create(probes: Probes, client: Client): Promise<World> {
    const world = new World(probes, client);
    for (let i = 1; i <= AUTHORS; i += 1) world.addProfile(await world.open(`author-${i}`));
    for (let i = 1; i <= READERS; i += 1) world.addProfile(await world.open(`reader-${i}`));
    for (const name of [TRIED, ADMIN]) await world.make(registration(name));
    for (let i = 1; i <= POSTS; i += 1) await world.addPost(i);
    for (let i = 1; i <= DRAFTS; i += 1) await world.addDraft(i);
    world.addLists();
    for (const { register } of world.targets) register.lasts = true;
    return world;
  }

  private addProfile(account: Account): void {
    const { id, username } = account;
    // Before its first version, a profile shows no mark.
    const register = this.probes.register(`profile ${username}`, 0, (version) => version > 0);
    const change = (version: number): Change => ({
      method: 'PATCH',
      path: `/api/users/${username}`,
      token: account.token,
      body: { display_name: register.mark(version), bio: `Since ${register.mark(version)}` },
    });
    this.targets.push({
      register,
      change,
      row: { table: 'users', id },
      path: `/api/users/${username}`,
    });
    for (const path of [`/api/users/${id}`, `/api/users/${username}`])
      this.probes.add({ path, weight: 1, shows: () => [register] });
  }

  private async addPost(number: number): Promise<void> {
    const account = this.accounts[number % AUTHORS]!;
    const category = `Subject ${1 + (number % CATEGORIES)}`;
    const register = this.probes.register(`post ${number}`, 1);
    const id = await this.create(account, {
      ...written(register, 1),
      slug: `post-${number}`,
      category_name: category,
      tags: [`label-${1 + (number % 2)}`],
    });
    const change = (version: number): Change => this.patch(account, id, written(register, version));
    this.targets.push({
      register,
      change,
      row: { table: 'posts', id },
      path: `/blog/api/posts/${id}`,
    });
    this.listed.add(register);
    this.addAddresses(register, id, `post-${number}`, 4);
  }

  /** Odd versions are published, even ones are drafts. */
  private async addDraft(number: number): Promise<void> {
    const account = this.accounts[number % AUTHORS]!;
    const slug = `draft-${number}`;
    const isPublished = (version: number): boolean => version % 2 === 1;
    const register = this.probes.register(slug, 1, isPublished);
    const body = { ...written(register, 1), slug, category_name: `Draft ${number}`, tags: [slug] };
    const id = await this.create(account, body);
    const change = (version: number): Change =>
      this.patch(account, id, {
        ...written(register, version),
        status: isPublished(version) ? 'published' : 'draft',
      });
    this.targets.push({
      register,
      change,
      row: { table: 'posts', id },
      path: `/blog/api/posts/${id}`,
    });
    this.listed.add(register);
    this.addAddresses(register, id, slug, 4);
    this.probes.add({ path: `/blog/api/posts?category=${slug}`, weight: 3, shows: () => [register] });
    for (const path of ['/blog/api/categories', '/blog/api/tags'])
      this.probes.add({
        path,
        weight: 5,
        shows: () => [],
        read: (text) => [listShows(text, slug, register)],
      });
  }

  private addAddresses(register: Register, id: number, slug: string, weight: number): void {
    const shows = (): Register[] => [register];
    this.probes.add({ path: `/blog/api/posts/${id}`, weight, shows });
    this.probes.add({ path: `/blog/api/posts/${slug}`, weight, shows });
    this.probes.add({ path: `/blog/posts/${slug}`, weight: weight / 2, shows });
  }

  /** The first has room for everything. The others have enough posts for a second page. */
  private addLists(): void {
    const everything = (): Register[] => [...this.listed];
    this.probes.add({ path: '/blog/api/posts?limit=100', weight: 10, shows: everything });
    for (const path of ['/blog/api/posts', '/blog/']) this.probes.add({ path, weight: 10, shows: () => [] });
    const posts = this.targets.filter(({ register }) => register.name.startsWith('post '));
    const every = (count: number, rest: number): (() => Register[]) => {
      const shown = posts.map(({ register }) => register).filter((_, i) => (i + 1) % count === rest);
      return () => shown;
    };
    for (let i = 0; i < CATEGORIES; i += 1)
      this.probes.add({
        path: `/blog/api/posts?category=subject-${i + 1}`,
        weight: 4,
        shows: every(CATEGORIES, i),
      });
    for (let i = 0; i < AUTHORS; i += 1)
      this.probes.add({
        path: `/blog/api/posts?author=author-${i + 1}`,
        weight: 3,
        shows: every(AUTHORS, i),
      });
    for (let i = 0; i < 2; i += 1)
      this.probes.add({ path: `/blog/api/posts?tag=label-${i + 1}`, weight: 3, shows: every(2, i) });
  }

  private patch(account: Account, id: number, body: object): Change {
    return { method: 'PATCH', path: `/blog/api/posts/${id}`, token: account.token, body };
  }

  private async open(username: string): Promise<Account> {
    const id = idOf(await this.make(registration(username)));
    const account = { id, username, token: tokenOf(await this.make(loginOf(username))) };
    this.accounts.push(account);
    return account;
  }

  private async create({ token }: Account, body: object): Promise<number> {
    return idOf(await this.make({ method: 'POST', path: '/blog/api/posts', token, body }));
  }

  private async make(change: Change): Promise<Answer> {
    const answer = await this.client.ask(changeText(change));
    if (answer.status >= 300) throw new Error(`The blog cannot be made: ${answer.body.toString()}`);
    return answer;
  }
}

const written = (register: Register, version: number): { title: string; content: string } => ({
  title: register.mark(version),
  content: `It says **${register.mark(version)}**.`,
});

const listShows = (body: Buffer, slug: string, register: Register): Observation => ({
  register,
  seen: body.includes(`"slug":"${slug}"`) ? 'present' : 'absent',
});
