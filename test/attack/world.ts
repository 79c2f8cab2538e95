import { startPostgres } from '../../bench/services/postgres.js';
import { startRedis } from '../../bench/services/redis.js';
import { query } from '../support/test-database.js';
import { api } from '../support/api.js';
import { HIGH_LIMITS, WIDE_OPEN } from '../support/wide-open.js';
import { LimitedServer } from './limited-server.js';
import { Observers } from './observers.js';
import { type Account, Target } from './target.js';

const POSTS = 10_000;
const ATTACKERS = 40;
const OTHERS = 8;
/** The password of all accounts. */
export const PASSWORD = 'a quiet green kettle';
/** The path that readers read. */
const PATHS = ['/blog/api/posts', '/blog/', '/blog/api/posts/1', '/blog/api/categories'];

/** No post contains both `even` and `odd`, and half of all posts contain each. */
const INSERT_POSTS = `
  INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs,
    status, was_published, search, created_at, updated_at)
  SELECT 'harbour-notes-' || n, 'Harbour notes, ' || n, text, '<p>' || text || '</p>', left(text, 24),
    (SELECT min(id) FROM users), 1, '{sea}', '{sea}', 'published', true,
    array_to_tsvector(ARRAY['the', 'tide', 'boats', CASE n % 2 WHEN 0 THEN 'even' ELSE 'odd' END]), at, at
  FROM generate_series(1, $1::integer) AS n,
    LATERAL (SELECT repeat('The tide came in at ' || n || ' and the boats went out. ', 38) AS text,
      timestamptz '2024-01-01' + n * interval '1 hour' AS at) AS written`;

/** Everything that an attack needs: the server within its limits, with a blog and accounts, and the observers. */
export class World {
  private constructor(
    readonly server: LimitedServer,
    private readonly accounts: readonly Account[],
    readonly observers: Observers,
    private readonly started: AsyncDisposableStack,
  ) {}

  static async start(): Promise<World> {
    const started = new AsyncDisposableStack();
    try {
      const postgres = await startPostgres();
      started.defer(() => postgres.stop());
      const redis = await startRedis();
      started.defer(() => redis.stop());
      const environment = {
        NODE_ENV: 'production',
        AUTH_SECRET: 'the-signing-key-of-the-attacks-0123456789',
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        LOG_LEVEL: 'warn',
        // An attacker with more than one address has more than one quota.
        RATE_LIMIT_WRITE: HIGH_LIMITS['RATE_LIMIT_WRITE']!,
      };
      const accounts = await prepare(environment);
      const server = await LimitedServer.start(environment);
      started.defer(() => server.stop());
      await warm(server.port);
      const observers = await Observers.start(server.port, PATHS);
      started.defer(() => observers.stop());
      return new World(server, accounts, observers, started);
    } catch (error) {
      await started.disposeAsync();
      throw error;
    }
  }

  targetFor(seconds: number): Target {
    return new Target(
      this.server.port,
      this.accounts.slice(0, ATTACKERS),
      this.accounts.slice(ATTACKERS),
      AbortSignal.timeout(seconds * 1000),
    );
  }

  /** Milliseconds that the server's event loop was blocked at most since the last call. */
  async loopHeldUpMs(): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.server.port}/metrics`).catch(() => undefined);
    const [, seconds] =
      /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec((await response?.text()) ?? '') ?? [];
    return Number(seconds ?? NaN) * 1000;
  }

  stop(): Promise<void> {
    return this.started.disposeAsync();
  }
}

/** Registers and logs in on a server without limits, which is then stopped, because logins are not what is attacked. */
async function prepare(environment: Readonly<Record<string, string>>): Promise<Account[]> {
  const server = await LimitedServer.start({ ...environment, ...WIDE_OPEN });
  try {
    const names = Array.from({ length: ATTACKERS + OTHERS }, (_, i) => `author-${i + 1}`);
    const accounts: Account[] = [];
    for (const username of names) accounts.push(await open(`http://127.0.0.1:${server.port}`, username));
    await query(environment['DATABASE_URL']!, INSERT_POSTS, [POSTS]);
    return accounts;
  } finally {
    await server.stop();
  }
}

async function open(url: string, username: string): Promise<Account> {
  const calls = api({ url });
  const email = `${username}@example.org`;
  await calls.post('/api/register', { username, email, password: PASSWORD });
  const { status, body } = await calls.post('/api/login', { username, password: PASSWORD });
  if (status !== 200) throw new Error(`${username} cannot log in: ${JSON.stringify(body)}`);
  return { username, token: body['token'] as string };
}

async function warm(port: number): Promise<void> {
  for (const path of [...PATHS, ...PATHS]) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`GET ${path} gives ${response.status}`);
  }
}
