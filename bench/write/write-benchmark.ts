import { Stand, type Post } from '../../test/coherence/directed/stand.js';
import { buildWithout } from '../../test/coherence/switched-off/test-build.js';

const REPLICAS = 3;
const WARM_UP = 100;

/** Milliseconds of each acknowledged write, as its client sees them. */
export interface WriteSeries {
  readonly waiting: number[];
  readonly notWaiting: number[];
}

async function timed(stand: Stand, post: Post, turn: number): Promise<number> {
  const node = stand.nodes[turn % REPLICAS]!;
  // Every replica has it in memory, as a post that people read.
  await stand.warm(post);
  const startedAt = performance.now();
  await stand.write(node, post);
  return performance.now() - startedAt;
}

/** The same writes to two clusters by turns: one as it is shipped, one whose writers wait for nobody. */
export async function runWriteBenchmark(
  writes: number,
  report: (progress: string) => void,
): Promise<WriteSeries> {
  report('starting two clusters of three replicas, each with a PostgreSQL and a Redis');
  const stands = [
    await Stand.start({ replicas: REPLICAS }),
    await Stand.start({ replicas: REPLICAS, script: buildWithout(['acknowledgement wait']) }),
  ] as const;
  try {
    const posts = [await stands[0].newPost(), await stands[1].newPost()] as const;
    const series: WriteSeries = { waiting: [], notWaiting: [] };
    report(`${writes} writes to each, by turns`);
    for (let turn = -WARM_UP; turn < writes; turn += 1) {
      const waiting = await timed(stands[0], posts[0], turn + WARM_UP);
      const notWaiting = await timed(stands[1], posts[1], turn + WARM_UP);
      if (turn < 0) continue;
      series.waiting.push(waiting);
      series.notWaiting.push(notWaiting);
    }
    return series;
  } finally {
    for (const stand of stands) await stand.stop();
  }
}
