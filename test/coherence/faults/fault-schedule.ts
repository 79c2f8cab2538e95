import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/transfer/random.js';
import type { Node } from '../cluster/cluster.js';
import type { Stage } from '../traffic/stage.js';
import type { Fault } from './fault.js';
import { LINK_FAULTS } from './link-faults.js';
import { POSTGRES_FAULTS } from './postgres-faults.js';
import { PROCESS_FAULTS } from './process-faults.js';

const FAULTS: Readonly<Record<string, Fault>> = { ...LINK_FAULTS, ...PROCESS_FAULTS, ...POSTGRES_FAULTS };

export const FAULT_NAMES = Object.keys(FAULTS);

/** They take the ground from under others: one at a time. */
const ALONE: ReadonlySet<string> = new Set(['replica-killed', 'backend-killed', 'postgres-stopped']);
/** Faults that may meet. */
const AT_ONCE = 2;

/** Lets faults happen one after another, two at a time, in an order that the seed decides. */
export class FaultSchedule {
  readonly happened = new Map<string, number>();
  private bag: string[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly random: Random,
    private readonly names: readonly string[],
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
      await FAULTS[name]!({ cluster, random: this.random, trouble, victim, pause });
    } catch (error) {
      // What a fault asks of PostgreSQL fails when another one has just stopped it.
      if (!trouble.wasWithin(victim, beganMs, performance.now())) throw error;
    } finally {
      activeFaults.delete(name);
    }
    if (!isOver()) await pause(100, 600);
  }

  /** Every fault as often as any other, in random order: two of a kind do not meet. */
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
