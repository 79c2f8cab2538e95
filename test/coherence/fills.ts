import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from './cluster/cluster.js';
import type { Stage } from './traffic/stage.js';

const INTERVAL_MS = 2_000;
const SAMPLE = /^db_queries_total\{purpose="fill"\} (\d+)$/gm;

/** Counts how often the replicas read the database to fill a cache, according to their metrics. */
export class Fills {
  private readonly last = new Map<Node, number>();
  count = 0;

  constructor(private readonly stage: Stage) {}

  async watch(isOver: () => boolean): Promise<void> {
    for (; !isOver(); await sleep(INTERVAL_MS)) await this.look();
    await this.look();
  }

  private async look(): Promise<void> {
    for (const node of this.stage.cluster.reachable) {
      const answer = await this.stage.clients
        .get(node)!
        .ask('GET /metrics HTTP/1.1\r\nhost: checker\r\n\r\n')
        .catch(() => undefined);
      if (answer?.status !== 200) continue;
      const queries = [...answer.body.toString().matchAll(SAMPLE)].reduce((sum, [, n]) => sum + Number(n), 0);
      const before = this.last.get(node) ?? 0;
      // A restarted process counts from zero.
      this.count += queries >= before ? queries - before : queries;
      this.last.set(node, queries);
    }
  }
}
