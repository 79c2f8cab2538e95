import { BUS, type Node, POOL, REDIS } from '../cluster/cluster.js';
import type { Condition, Link } from '../cluster/link.js';
import type { Fault, FaultContext } from './fault.js';

const impose =
  (linkOf: (node: Node) => Link | undefined, kind: string, condition: Condition): Fault =>
  async ({ victim, pause }) => {
    const lift = linkOf(victim)?.impose(kind, condition);
    await pause(300, 2_500);
    lift?.();
  };

const databaseOf = ({ database }: Node): Link => database;
const redisOf = ({ redis }: Node): Link | undefined => redis;

async function refuse(
  { victim, pause }: FaultContext,
  linkOf: (node: Node) => Link | undefined,
  kind: string,
): Promise<void> {
  const link = linkOf(victim);
  const lift = link?.impose(kind, { isRefused: true });
  link?.cut(kind);
  await pause(0, 1_200);
  lift?.();
}

/** While a replica's pool is cut off, it may report so. */
const inTrouble =
  (fault: Fault): Fault =>
  async (context) => {
    const end = context.trouble.begin([context.victim]);
    try {
      await fault(context);
    } finally {
      end();
    }
  };

export const LINK_FAULTS: Readonly<Record<string, Fault>> = {
  'bus-blackhole': impose(databaseOf, BUS, { stalled: 'both ways' }),
  'bus-late-replies': impose(databaseOf, BUS, { stalled: 'replies' }),
  'bus-reset': (context) => refuse(context, databaseOf, BUS),
  'bus-half-open': async ({ victim, pause }) => {
    victim.database.halfOpen(BUS);
    await pause(300, 1_500);
  },
  'bus-delay': impose(databaseOf, BUS, { delayMs: 40 }),
  'pool-cut': inTrouble((context) => refuse(context, databaseOf, POOL)),
  'pool-late-replies': inTrouble(impose(databaseOf, POOL, { stalled: 'replies' })),
  'pool-delay': impose(databaseOf, POOL, { delayMs: 25 }),
  'redis-blackhole': impose(redisOf, REDIS, { stalled: 'both ways' }),
  'redis-reset': (context) => refuse(context, redisOf, REDIS),
  'redis-delay': impose(redisOf, REDIS, { delayMs: 20 }),
};
