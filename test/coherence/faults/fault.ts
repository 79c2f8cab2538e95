import type { Random } from '../../../src/transfer/random.js';
import type { Cluster, Node } from '../cluster/cluster.js';
import type { Trouble } from '../history/trouble.js';

export interface FaultContext {
  readonly cluster: Cluster;
  readonly random: Random;
  readonly trouble: Trouble;
  /** The replica it happens to, where it happens to one; it is up. */
  readonly victim: Node;
  /** Waits a random time. */
  readonly pause: (minMs: number, maxMs: number) => Promise<void>;
}

/** Something that goes wrong, and is over when the promise resolves. */
export type Fault = (context: FaultContext) => Promise<void>;
