import type { Random } from '../../../src/transfer/random.js';
import type { Cluster, Node } from '../cluster/cluster.js';
import type { Judge } from '../history/judge.js';
import type { Timeline } from '../history/timeline.js';
import type { Trouble } from '../history/trouble.js';
import type { Client } from '../http/client.js';
import type { WriteTally } from './write-tally.js';

/** The state that readers, writers and faults of a run share. */
export interface Stage {
  readonly cluster: Cluster;
  readonly clients: ReadonlyMap<Node, Client>;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly trouble: Trouble;
  readonly judge: Judge;
  readonly writes: WriteTally;
  /** Names of the current faults. */
  readonly activeFaults: Set<string>;
}
