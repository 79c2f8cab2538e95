import { BUS, type Node, POOL, REDIS } from '../cluster/cluster.js';
import type { Stand } from './stand.js';

/** A problem that lasts until it is healed. The first two replicas of a stand keep working; the third may not. */
export interface Trouble {
  readonly name: string;
  /** Can the first two still reach PostgreSQL, so that they have no reason to refuse anything? */
  readonly isAnothers: boolean;
  readonly isQuick: boolean;
  /** @returns a function that heals it */
  readonly begin: (stand: Stand) => Promise<() => Promise<void>>;
}

type Heal = () => void | Promise<void>;

const trouble = (
  name: string,
  begin: (stand: Stand) => Heal | Promise<Heal>,
  { isAnothers = true, isQuick = true } = {},
): Trouble => ({
  name,
  isAnothers,
  isQuick,
  begin: async (stand) => {
    const heal = await begin(stand);
    return async () => heal();
  },
});

const all =
  (...heals: readonly Heal[]): Heal =>
  async () => {
    for (const heal of heals) await heal();
  };

function refuse({ database }: Node, kind: string): Heal {
  const heal = database.impose(kind, { isRefused: true });
  database.cut(kind);
  return heal;
}

export const TROUBLES: readonly Trouble[] = [
  trouble('nothing', () => () => undefined),
  trouble('another replica is stopped', ({ nodes: [, , { replica }] }) => {
    replica.freeze();
    return () => replica.thaw();
  }),
  trouble(
    'another replica is killed',
    async ({ nodes: [, , { replica }] }) => {
      await replica.kill();
      return () => replica.start();
    },
    { isQuick: false },
  ),
  trouble('the bus of another: black hole', ({ nodes: [, , { database }] }) =>
    database.impose(BUS, { stalled: 'both ways' }),
  ),
  trouble('the bus of another: replies late', ({ nodes: [, , { database }] }) =>
    database.impose(BUS, { stalled: 'replies' }),
  ),
  trouble('the bus of another: requests late', ({ nodes: [, , { database }] }) =>
    database.impose(BUS, { stalled: 'requests' }),
  ),
  trouble('the bus of another: reset', ({ nodes: [, , third] }) => refuse(third, BUS)),
  trouble('the bus of another: half open', ({ nodes: [, , { database }] }) => {
    const heal = database.impose(BUS, { isRefused: true });
    database.halfOpen(BUS);
    return heal;
  }),
  trouble('another has no PostgreSQL: black hole', ({ nodes: [, , { database }] }) =>
    all(database.impose(BUS, { stalled: 'both ways' }), database.impose(POOL, { stalled: 'both ways' })),
  ),
  trouble('another has no PostgreSQL: reset', ({ nodes: [, , third] }) =>
    all(refuse(third, BUS), refuse(third, POOL)),
  ),
  trouble('the pool of another: replies late', ({ nodes: [, , { database }] }) =>
    database.impose(POOL, { stalled: 'replies' }),
  ),
  trouble('Redis is away from another: black hole', ({ nodes: [, , { redis }] }) =>
    redis!.impose(REDIS, { stalled: 'both ways' }),
  ),
  trouble('Redis: black hole', ({ nodes }) =>
    all(...nodes.map(({ redis }) => redis!.impose(REDIS, { stalled: 'both ways' }))),
  ),
  trouble('Redis: killed', ({ cluster }) => {
    cluster.killRedis();
    return () => cluster.restartRedis();
  }),
  trouble('the bus of the writer: black hole', ({ nodes: [{ database }] }) =>
    database.impose(BUS, { stalled: 'both ways' }),
  ),
  trouble('the bus of the writer: reset', ({ nodes: [first] }) => refuse(first, BUS)),
  trouble(
    'a backend is terminated',
    async ({ cluster }) => {
      await cluster.postgres.terminateOneBackend();
      return () => undefined;
    },
    { isAnothers: false },
  ),
  trouble(
    'a backend is killed, and PostgreSQL recovers',
    async ({ cluster }) => {
      await cluster.postgres.killOneBackend();
      return () => cluster.postgres.untilBack();
    },
    { isAnothers: false },
  ),
];
