import { Redis } from 'ioredis';
import { join } from 'node:path';
import { freePort } from '../../support/redis-server.js';
import { startRedis, type TestRedis } from '../../support/redis-server.js';
import { WIDE_OPEN } from '../../support/wide-open.js';
import type { DataFolder } from './data-folder.js';
import { Link } from './link.js';
import { BUNDLED, type Installation } from './installation.js';
import type { PostgresProcess } from './postgres-process.js';
import { PostgresServer, type Settings } from './postgres-server.js';
import { Replica } from './replica.js';

/** The session of the bus, separate from the pool. */
export const BUS = 'bus';
export const POOL = 'pool';
export const REDIS = 'redis';

/** node-postgres sends its application name in the first packet. */
const databaseKindOf = (first: Buffer): string => (first.includes('inkwell outbox') ? BUS : POOL);

/** A replica, and the links that only it uses. */
export interface Node {
  readonly replica: Replica;
  readonly database: Link;
  readonly redis: Link | undefined;
}

export interface ClusterOptions {
  readonly replicas: number;
  /** The file that each replica runs. */
  readonly script?: string;
  /** Options of Node. They come before the file. */
  readonly nodeOptions?: readonly string[];
  /** Answers 200 once a replica is ready. */
  readonly readyPath?: string;
  readonly hasRedis?: boolean;
  readonly postgres?: Settings;
  /** The PostgreSQL installation. Default: the one in the npm package. */
  readonly installation?: Installation;
  /** The environment of PostgreSQL's processes. */
  readonly postgresEnvironment?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder for the output of each replica. */
  readonly logs?: string | undefined;
}

export const AUTH_SECRET = 'the-signing-key-of-the-checker-0123456789';

/**
 * TTLs are long, so that stale entries do not disappear by expiry. Only pages of lists expire, so that revalidation
 * occurs too. Everyone who registers may write, without limits. The pool is small, because PostgreSQL's faults make it
 * reopen all connections.
 */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  AUTH_SECRET,
  DATABASE_POOL_MIN: '2',
  DATABASE_POOL_MAX: '20',
  CACHE_TTL_USER_SECONDS: '3600',
  CACHE_TTL_POSTS_SECONDS: '3',
  CACHE_TTL_POST_SECONDS: '3600',
  ...WIDE_OPEN,
  LOG_LEVEL: 'warn',
};

const SHIPPED = 'dist/main.js';

/** Real processes: PostgreSQL, Redis and replicas of Inkwell, with a link between each two that can fail. */
export class Cluster {
  /** From now on nothing answers, and retries are pointless. */
  isStopped = false;

  private constructor(
    readonly nodes: readonly Node[],
    readonly postgres: PostgresServer,
    private readonly options: ClusterOptions,
    private redis: TestRedis | undefined,
  ) {}

  static async start(options: ClusterOptions): Promise<Cluster> {
    const { installation = BUNDLED, postgresEnvironment } = options;
    const postgres = await PostgresServer.start(options.postgres, installation, postgresEnvironment);
    const redis = options.hasRedis === false ? undefined : await startRedis();
    const names = Array.from({ length: options.replicas }, (_, i) => `replica ${i + 1}`);
    const nodes = await Promise.all(names.map((name) => nodeOf(name, postgres.process, redis, options)));
    const cluster = new Cluster(nodes, postgres, options, redis);
    try {
      for (const { replica } of nodes) await replica.start();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** The file that each replica runs. */
  get script(): string {
    return this.options.script ?? SHIPPED;
  }

  /** Starts another replica on a database of its own and the same Redis, which is not in `nodes`. */
  async startBeside(name: string, postgres: PostgresProcess): Promise<Node> {
    const node = await nodeOf(name, postgres, this.redis, this.options);
    await node.replica.start();
    return node;
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
    this.moveEndpoint();
  }

  /** A copy of the current database, made while its server is stopped. */
  async coldCopy(): Promise<DataFolder> {
    const { folder } = this.postgres.process;
    await this.postgres.process.stop();
    const copy = await folder.coldCopy();
    await this.restartPostgres();
    return copy;
  }

  /** New connections lead to the current server; open ones stay. */
  moveEndpoint(): void {
    for (const { database } of this.nodes) database.targetPort = this.postgres.port;
  }

  killRedis(): void {
    this.redis?.stop();
  }

  /** At the same port, without data. */
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
    await Promise.all(this.nodes.map(stopNode));
    this.redis?.stop();
    await this.postgres.stop();
  }
}

export async function stopNode({ replica, database, redis }: Node): Promise<void> {
  await replica.kill();
  await database.close();
  await redis?.close();
}

async function nodeOf(
  name: string,
  postgres: PostgresProcess,
  redis: TestRedis | undefined,
  { script = SHIPPED, nodeOptions = [], readyPath = '/readyz', environment = {}, logs }: ClusterOptions,
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
  const replica = new Replica({
    ...{ name, port, script, nodeOptions, readyPath },
    ...{ environment: variables, logFile },
  });
  return { replica, database, redis: toRedis };
}
