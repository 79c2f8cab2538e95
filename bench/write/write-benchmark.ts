import type { ClusterOptions } from '../../test/coherence/cluster/cluster.js';
import { Stand, type Post } from '../../test/coherence/directed/stand.js';
import { withoutProtections } from '../../test/coherence/switched-off/node-options.js';

const REPLICAS = 3;
const WARM_UP = 100;

/** Milliseconds of each acknowledged write, measured by its client. */
export interface WriteSeries {
  readonly shipped: number[];
  readonly other: number[];
}

async function timed(stand: Stand, post: Post, turn: number): Promise<number> {
  const node = stand.nodes[turn % REPLICAS]!;
  // Every replica has the post in memory, as it would for readers.
  await stand.warm(post);
  const startedAt = performance.now();
  await stand.write(node, post);
  return performance.now() - startedAt;
}

/**
 * Sends the same writes to two clusters in turn: one as shipped, and one whose writers wait for no replica.
 * @param other replaces the latter: what its replicas run
 */
export async function runWriteBenchmark(
  writes: number,
  report: (progress: string) => void,
  other: Pick<ClusterOptions, 'script' | 'nodeOptions'> = {
    nodeOptions: withoutProtections(['acknowledgement wait']),
  },
): Promise<WriteSeries> {
  report('starting two clusters of three replicas, each with a PostgreSQL and a Redis');
  const stands = [
    await Stand.start({ replicas: REPLICAS }),
    await Stand.start({ replicas: REPLICAS, ...other }),
  ] as const;
  try {
    const posts = [await stands[0].newPost(), await stands[1].newPost()] as const;
    const series: WriteSeries = { shipped: [], other: [] };
    report(`${writes} writes to each, by turns`);
    for (let turn = -WARM_UP; turn < writes; turn += 1) {
      const shipped = await timed(stands[0], posts[0], turn + WARM_UP);
      const other = await timed(stands[1], posts[1], turn + WARM_UP);
      if (turn < 0) continue;
      series.shipped.push(shipped);
      series.other.push(other);
    }
    return series;
  } finally {
    for (const stand of stands) await stand.stop();
  }
}
