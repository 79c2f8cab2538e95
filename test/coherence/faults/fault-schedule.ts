import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/transfer/random.js';
import type { Node } from '../cluster/cluster.js';
import type { Stage } from '../traffic/stage.js';
import type { DatabaseClock } from '../cluster/database-clock.js';
import { CLONE_FAULTS } from './clone-fault.js';
import { FAILOVER_FAULTS } from './failover-faults.js';
import type { Fault } from './fault.js';
import { LINK_FAULTS } from './link-faults.js';
import { POSTGRES_FAULTS } from './postgres-faults.js';
import { OUTBOX_FAULTS } from './outbox-faults.js';
import { PROCESS_FAULTS } from './process-faults.js';
import { RESTORE_FAULTS } from './restore-faults.js';
import type { Succession } from './succession.js';

/** The history of the database continues. */
const STEADY: Readonly<Record<string, Fault>> = { ...LINK_FAULTS, ...PROCESS_FAULTS, ...POSTGRES_FAULTS };
/** The database, its data or its clock is replaced. */
const UNSTEADY: Readonly<Record<string, Fault>> = {
  ...FAILOVER_FAULTS,
  ...RESTORE_FAULTS,
  ...CLONE_FAULTS,
  ...OUTBOX_FAULTS,
};
const FAULTS = { ...STEADY, ...UNSTEADY };

export const STEADY_FAULT_NAMES = Object.keys(STEADY);
export const UNSTEADY_FAULT_NAMES = Object.keys(UNSTEADY);
export const FAULT_NAMES = Object.keys(FAULTS);

/** Faults that would disturb others, so they run one at a time. */
const ALONE: ReadonlySet<string> = new Set([
  'replica-killed',
  'backend-killed',
  'postgres-stopped',
  ...UNSTEADY_FAULT_NAMES,
]);
/** Faults that may coincide. */
const AT_ONCE = 2;

/** Runs faults one after another, two at a time, in an order determined by the seed. */
export class FaultSchedule {
  readonly happened = new Map<string, number>();
  private bag: string[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly random: Random,
    private readonly names: readonly string[],
    private readonly database: { readonly succession: Succession; readonly clock: DatabaseClock | undefined },
  ) {}

  async run(isOver: () => boolean): Promise<void> {
    if (this.names.length === 0) return;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        await sleep(500 + lane * 700);
        while (!isOver()) await this.next(isOver);
      }),
    );
  }

  private async next(isOver: () => boolean): Promise<void> {
    const name = this.draw();
    const victim = this.pickVictim();
    if (name === undefined || victim === undefined) return void (await sleep(100));
    const { activeFaults, cluster, trouble } = this.stage;
    activeFaults.add(name);
    this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
    const pause = (minMs: number, maxMs: number): Promise<void> =>
      sleep(minMs + this.random.next() * (maxMs - minMs));
    const beganMs = performance.now();
    try {
      const { stage, random, database } = this;
      await FAULTS[name]!({ stage, ...database, cluster, random, trouble, victim, pause });
    } catch (error) {
      // A fault's request to PostgreSQL fails if another fault has just stopped it. A replacement must not fail.
      if (name in UNSTEADY || !trouble.wasWithin(victim, beganMs, performance.now())) throw error;
    } finally {
      activeFaults.delete(name);
    }
    if (!isOver()) await pause(100, 600);
  }

  /** Every fault equally often, in random order, and never two of a kind at once. */
  private draw(): string | undefined {
    if (this.bag.length === 0) this.bag = this.random.sample(this.names, this.names.length);
    const { activeFaults } = this.stage;
    const isAloneActive = [...activeFaults].some((name) => ALONE.has(name));
    const at = this.bag.findIndex((name) => !activeFaults.has(name) && !(isAloneActive && ALONE.has(name)));
    return at < 0 ? undefined : this.bag.splice(at, 1)[0];
  }

  private pickVictim(): Node | undefined {
    const up = this.stage.cluster.nodes.filter(({ replica }) => replica.state === 'up');
    return up.length === 0 ? undefined : this.random.pick(up);
  }
}
