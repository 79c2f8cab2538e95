import { Random } from '../src/transfer/random.js';
import { Cluster, type ClusterOptions } from '../test/coherence/cluster/cluster.js';
import { Histories } from '../test/coherence/history/histories.js';
import { Judge } from '../test/coherence/history/judge.js';
import { Timeline } from '../test/coherence/history/timeline.js';
import { Trouble } from '../test/coherence/history/trouble.js';
import { Client } from '../test/coherence/http/client.js';
import { arrivals } from '../test/coherence/traffic/arrivals.js';
import { Changes } from '../test/coherence/traffic/changes.js';
import { Probes } from '../test/coherence/traffic/probes.js';
import { Reader } from '../test/coherence/traffic/reader.js';
import type { Stage } from '../test/coherence/traffic/stage.js';
import { WriteTally } from '../test/coherence/traffic/write-tally.js';
import type { Target } from '../test/coherence/traffic/world.js';

/** A stopped replica answers when it continues. */
const DEADLINE_MS = 15_000;

export type Post = Pick<Target, 'register' | 'change'>;

/** Three replicas of one system, with a database of their own. */
export class Contestant {
  readonly probes = new Probes();
  private readonly reader: Reader;
  private readonly changes: Changes;
  posts: readonly Post[] = [];

  private constructor(
    readonly name: string,
    readonly stage: Stage,
  ) {
    this.reader = new Reader(stage, this.probes);
    this.changes = new Changes(stage, new Histories([], () => undefined));
  }

  static async start(name: string, options: ClusterOptions, seed: number): Promise<Contestant> {
    const cluster = await Cluster.start(options);
    const trouble = new Trouble();
    return new Contestant(name, {
      cluster,
      clients: new Map(cluster.nodes.map((node) => [node, new Client(node.replica.port, DEADLINE_MS)])),
      random: new Random(seed),
      timeline: new Timeline(),
      trouble,
      judge: new Judge(trouble),
      writes: new WriteTally(),
      activeFaults: new Set(),
    });
  }

  /** The same seed gives the same arrivals. */
  async load(readsPerSecond: number, writesPerSecond: number, isOver: () => boolean): Promise<void> {
    const { random } = this.stage;
    await Promise.all([
      arrivals(random, readsPerSecond, isOver, () => this.reader.arrive()),
      arrivals(random, writesPerSecond, isOver, () => this.write()),
    ]);
  }

  async stop(): Promise<void> {
    for (const client of this.stage.clients.values()) client.close();
    await this.stage.cluster.stop();
  }

  private write(): void {
    const free = this.posts.filter(({ register }) => !register.isBusy);
    if (free.length === 0) return;
    const { register, change } = this.stage.random.pick(free);
    void this.changes.write(register, change);
  }
}
