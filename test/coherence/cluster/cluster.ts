import { Redis } from 'ioredis';
import { join } from 'node:path';
import { freePort } from '../../../bench/services/free-port.js';
import { startRedis, type TestRedis } from '../../support/redis-server.js';
import { Link } from './link.js';
import { PostgresServer, type Settings } from './postgres-server.js';
import { Replica } from './replica.js';

/** The session that listens and renews the lease, apart from the pool. */
export const BUS = 'bus';
export const POOL = 'pool';
export const REDIS = 'redis';

/** node-postgres says in its first packet who it is. */
const databaseKindOf = (first: Buffer): string => (first.includes('inkwell outbox') ? BUS : POOL);

/** A replica and the links that only it uses. */
export interface Node {
  readonly replica: Replica;
  readonly database: Link;
  readonly redis: Link | undefined;
}

export interface ClusterOptions {
  readonly replicas: number;
  /** File that each replica runs. */
  readonly script?: string;
  /** Answers 200 once a replica is ready. */
  readonly readyPath?: string;
  /** Fills the database before any replica starts. */
  readonly prepare?: (postgres: PostgresServer) => Promise<void>;
  readonly hasRedis?: boolean;
  readonly postgres?: Settings;
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder that keeps what each replica prints. */
  readonly logs?: string | undefined;
}

/**
 * Nothing may hide what is old by expiring in time; only pages of lists expire, so that revalidation is met too. The limits
 * of rates are out of the way. The pool is small, since PostgreSQL's faults make it open all its connections again.
 */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  AUTH_SECRET: 'the-signing-key-of-the-checker-0123456789',
  DATABASE_POOL_MIN: '2',
  DATABASE_POOL_MAX: '20',
  CACHE_TTL_USER_SECONDS: '3600',
  CACHE_TTL_POSTS_SECONDS: '3',
  CACHE_TTL_POST_SECONDS: '3600',
  RATE_LIMIT_LOGIN: '1000000',
  RATE_LIMIT_REGISTER: '1000000',
  RATE_LIMIT_VERIFY: '1000000',
  LOG_LEVEL: 'warn',
};

/** Real processes: PostgreSQL, Redis and replicas of Inkwell, with a link between each two that can fail. */
export class Cluster {
  /** From now on nothing answers, and nothing is worth asking again. */
  isStopped = false;

  private constructor(
    readonly nodes: readonly Node[],
    readonly postgres: PostgresServer,
    private redis: TestRedis | undefined,
  ) {}

  static async start(options: ClusterOptions): Promise<Cluster> {
    const postgres = await PostgresServer.start(options.postgres);
    await options.prepare?.(postgres);
    const redis = options.hasRedis === false ? undefined : await startRedis();
    const names = Array.from({ length: options.replicas }, (_, i) => `replica ${i + 1}`);
    const nodes = await Promise.all(names.map((name) => nodeOf(name, postgres, redis, options)));
    const cluster = new Cluster(nodes, postgres, redis);
    try {
      for (const { replica } of nodes) await replica.start();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Replicas that are not known to be down. */
  get reachable(): Node[] {
    return this.nodes.filter(({ replica }) => replica.state === 'up' || replica.state === 'frozen');
  }

  async crashPostgres(): Promise<void> {
    await this.postgres.crash();
  }

  async restartPostgres(): Promise<void> {
    await this.postgres.restart();
    for (const { database } of this.nodes) database.targetPort = this.postgres.port;
  }

  killRedis(): void {
    this.redis?.stop();
  }

  /** At the same port, empty. */
  async restartRedis(): Promise<void> {
    if (this.redis !== undefined) this.redis = await startRedis(Number(new URL(this.redis.url).port));
  }

  /** @param pattern with `*` */
  async redisKeys(pattern: string): Promise<string[]> {
    const client = new Redis(this.redis!.url);
    return client.keys(pattern).finally(() => client.disconnect());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.nodes.map(({ replica }) => replica.kill()));
    await Promise.all(this.nodes.map(({ database }) => database.close()));
    for (const { redis } of this.nodes) await redis?.close();
    this.redis?.stop();
    await this.postgres.stop();
  }
}

async function nodeOf(
  name: string,
  postgres: PostgresServer,
  redis: TestRedis | undefined,
  { script = 'dist/main.js', readyPath = '/readyz', environment = {}, logs }: ClusterOptions,
): Promise<Node> {
  const database = await Link.to(postgres.port, databaseKindOf);
  const toRedis =
    redis === undefined ? undefined : await Link.to(Number(new URL(redis.url).port), () => REDIS);
  const links = {
    DATABASE_URL: postgres.urlThrough(database.port),
    ...(toRedis === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${toRedis.port}` }),
  };
  const port = await freePort();
  const logFile = logs === undefined ? undefined : join(logs, `${name.replace(' ', '-')}.log`);
  const variables = { ...ENVIRONMENT, ...links, ...environment };
  const replica = new Replica({ name, port, script, readyPath, environment: variables, logFile });
  return { replica, database, redis: toRedis };
}
