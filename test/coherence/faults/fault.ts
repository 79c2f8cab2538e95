import type { Random } from '../../../src/transfer/random.js';
import type { Cluster, Node } from '../cluster/cluster.js';
import type { DatabaseClock } from '../cluster/database-clock.js';
import type { Stage } from '../traffic/stage.js';
import type { Trouble } from '../history/trouble.js';
import type { Succession } from './succession.js';

export interface FaultContext {
  readonly stage: Stage;
  readonly cluster: Cluster;
  readonly random: Random;
  readonly trouble: Trouble;
  /** The replica that it affects, if it affects one. It is up. */
  readonly victim: Node;
  readonly succession: Succession;
  /** PostgreSQL's clock, if it can be stepped. */
  readonly clock: DatabaseClock | undefined;
  /** Waits a random time. */
  readonly pause: (minMs: number, maxMs: number) => Promise<void>;
}

/** All replicas may report that PostgreSQL is away. */
export async function away<T>({ trouble, cluster }: FaultContext, work: () => Promise<T>): Promise<T> {
  const end = trouble.begin(cluster.nodes);
  try {
    return await work();
  } finally {
    end();
  }
}

export const forAll =
  (fault: Fault): Fault =>
  (context) =>
    away(context, () => fault(context));

/** A fault, which is over when the promise resolves. */
export type Fault = (context: FaultContext) => Promise<void>;
