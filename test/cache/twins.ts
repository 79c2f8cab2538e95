import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { Coherence } from '../../src/platform/coherence/coherence.js';
import { EVERYTHING } from '../../src/platform/coherence/tag-journal.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { ask, keepingAlive, lasting, type WireAnswer } from '../support/wire.js';
import type { Read } from './every-read.js';
import type { World } from './world.js';

const CONCURRENCY = 8;
/** One in this many comparisons also checks the other forms of the answer. */
const FORMS_EVERY = 8;
const DECODE: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

const EVERY_CACHE_OFF = {
  CACHE_TTL_USER_SECONDS: '0',
  CACHE_TTL_POSTS_SECONDS: '0',
  CACHE_TTL_POST_SECONDS: '0',
  CACHE_TTL_CATEGORIES_SECONDS: '0',
  CACHE_TTL_TAGS_SECONDS: '0',
  CACHE_TTL_SESSION_SECONDS: '0',
  CACHE_FRONT_DOOR: 'false',
  REDIS_URL: '',
};

/** Statements sent together form one transaction. */
const EMPTY = `
  TRUNCATE site, users, categories, posts, imported_posts RESTART IDENTITY CASCADE;
  INSERT INTO categories (name, slug, color) VALUES ('General', 'general', '#64748b');
  INSERT INTO outbox (writer, event, payload, tags) VALUES (gen_random_uuid(), 'database.emptied', '{}', '{*}')`;

/** The same id for both, so that the bodies of problems are equal too. */
const headersOf = ({ token }: Read): Record<string, string> => ({
  'x-request-id': 'twin',
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

const described = ({ status, headers, body }: WireAnswer): string =>
  `${status} ${JSON.stringify(lasting(headers))} ${body.toString()}`;

const get = (on: Inkwell, path: string, headers: Record<string, string> = {}): Promise<WireAnswer> =>
  ask(on, path, headers, 'GET', keepingAlive);

/** Two instances on one database: one with every cache, one with none. */
export class Twins {
  private comparisons = 0;
  /** How often each `Cache-Status` occurred. */
  private readonly statuses = {
    cached: new Map<string, number>(),
    uncached: new Map<string, number>(),
  };

  private constructor(
    readonly cached: Inkwell,
    readonly uncached: Inkwell,
  ) {}

  static async start(): Promise<Twins> {
    // Lists outlive their TTL of a second all the time, so that revalidation takes part.
    const cached = await startInkwell({ CACHE_TTL_POSTS_SECONDS: '1' });
    const uncached = await startInkwell(EVERY_CACHE_OFF, { databaseUrl: cached.databaseUrl });
    // Pages have no variable for their TTL. A process that has not joined the outbox uses no cache at all.
    Object.defineProperty(uncached.app.get(Coherence), 'isUsable', { value: false });
    return new Twins(cached, uncached);
  }

  async close(): Promise<void> {
    await this.uncached.close();
    await this.cached.close();
  }

  /** Empties the database, so that ids start at 1 again, and tells the caches. */
  async reset(): Promise<void> {
    await query(this.cached, EMPTY);
    const [row] = await query<{ xid: string }>(this.cached, 'SELECT max(xid)::text AS xid FROM outbox');
    this.cached.app.get(CacheInvalidator).invalidate(Number(row!.xid), [EVERYTHING]);
  }

  /** Sends every request to both. @returns the first difference, in words */
  async compare(reads: Iterable<Read>): Promise<string | undefined> {
    const queue = [...reads].values();
    let found: string | undefined;
    const worker = async (): Promise<void> => {
      for (const read of queue) {
        if (found !== undefined) return;
        found ??= await this.differenceOf(read);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    return found;
  }

  /** The ends of these pages are the starts of some pages requested from now on. */
  async rememberNextPages(world: World): Promise<void> {
    for (const path of ['/blog/api/posts?limit=1', '/blog/api/posts?limit=2&category=general']) {
      const link = (await get(this.uncached, path)).headers.link;
      const next = /^<(.+)>; rel="next"$/.exec(String(link))?.[1];
      if (next !== undefined) world.remember(next);
    }
  }

  /** The share of answers with this `Cache-Status`. */
  share(twin: 'cached' | 'uncached', status: RegExp): number {
    const counts = [...this.statuses[twin]];
    const matching = counts.filter(([name]) => status.test(name));
    return matching.reduce((sum, [, count]) => sum + count, 0) / this.comparisons;
  }

  private async differenceOf(read: Read): Promise<string | undefined> {
    const { path, token } = read;
    const headers = headersOf(read);
    const [cached, uncached] = await Promise.all([
      get(this.cached, path, headers),
      get(this.uncached, path, headers),
    ]);
    this.count('cached', cached);
    this.count('uncached', uncached);
    this.comparisons += 1;
    const [is, must] = [described(cached), described(uncached)];
    const who = token === undefined ? 'anonymous' : 'with a token';
    if (is !== must) return `GET ${path} (${who})\n cached: ${is}\n truth:  ${must}`;
    return this.comparisons % FORMS_EVERY === 0 ? this.differenceOfForms(read, uncached) : undefined;
  }

  /** A cached answer must also be right when compressed, and when a client revalidates it. */
  private async differenceOfForms(read: Read, must: WireAnswer): Promise<string | undefined> {
    const { path } = read;
    const headers = headersOf(read);
    const coding = this.comparisons % (2 * FORMS_EVERY) === 0 ? 'br' : 'gzip';
    const coded = await get(this.cached, path, { ...headers, 'accept-encoding': coding });
    const used = coded.headers['content-encoding'];
    const body = used === undefined ? coded.body : DECODE[used]!(coded.body);
    if (!body.equals(must.body)) return `GET ${path} in ${used ?? 'identity'} is ${body.toString()}`;
    const { etag } = must.headers;
    if (must.status !== 200 || etag === undefined) return undefined;
    const { status } = await get(this.cached, path, { ...headers, 'if-none-match': etag });
    return status === 304 ? undefined : `GET ${path} with If-None-Match: ${etag} is ${status}`;
  }

  private count(twin: 'cached' | 'uncached', { headers }: WireAnswer): void {
    const status = String(headers['cache-status']);
    const counts = this.statuses[twin];
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
}
