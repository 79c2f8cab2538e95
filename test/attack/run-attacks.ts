import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.js';
import { failuresOf, judgedSeconds, type Outcome, WORST_LIMIT_MS } from './verdict.js';
import { World } from './world.js';

/** The time after an attack in which its effects may continue. */
const REST_MS = 3_000;
/** An attack that does not end by itself is abandoned. */
const GRACE_SECONDS = 15;

export interface Result extends Outcome {
  readonly name: string;
  readonly summary: string;
  readonly memoryBeforeMib: number;
  /** The maximum, measured by the server itself. */
  readonly loopHeldUpMs: number;
  /** The times of reads that were not hits. They are not judged. */
  readonly missesMs: readonly number[];
  readonly isHeld: boolean;
  readonly complaints: readonly string[];
}

/** Every file of `attacks/`. */
export async function allAttacks(): Promise<Attack[]> {
  const folder = new URL('./attacks/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const modules = await Promise.all(
    files.sort().map((name) => import(new URL(name, folder).href) as Promise<{ attack: Attack }>),
  );
  return modules.map(({ attack }) => attack);
}

/** No attack: shows the delays of the machine itself. */
const NOBODY: Attack = {
  name: 'nobody',
  seconds: 5,
  run: async ({ signal }) => {
    await sleep(5_000, undefined, { signal }).catch(() => undefined);
    return { summary: 'readers alone' };
  },
};

/** Runs the attacks one after another on the same server, which must survive all of them. */
export async function runAttacks(
  attacks: readonly Attack[],
  report: (result: Result) => void,
): Promise<Result[]> {
  const world = await World.start();
  try {
    const results: Result[] = [];
    for (const attack of [NOBODY, ...attacks]) {
      const result = await runOne(world, attack);
      results.push(result);
      report(result);
    }
    return results;
  } finally {
    await world.stop();
  }
}

async function runOne(world: World, attack: Attack): Promise<Result> {
  await world.observers.report();
  await world.loopHeldUpMs();
  const memoryBeforeMib = world.server.beginAttack();
  const overdue = sleep((attack.seconds + GRACE_SECONDS) * 1000, undefined, { ref: false }).then(() => ({
    summary: 'did not end',
    failures: [`the attack did not end ${GRACE_SECONDS} s after its time`],
  }));
  const notes = await Promise.race([attack.run(world.targetFor(attack.seconds)), overdue]);
  await sleep(REST_MS);
  // The reader waits for its last answers, because the server may end before it sends them.
  const observed = await world.observers.report();
  const seconds = judgedSeconds(observed);
  const missesMs = observed.misses.flatMap(({ ms }) => ms);
  const loopHeldUpMs = await world.loopHeldUpMs();
  const { peakMib, fate } = await world.server.endAttack();
  const { worstHitMs = WORST_LIMIT_MS } = attack;
  const outcome = { worstHitMs, seconds, peakMib, fate, failures: notes.failures ?? [] };
  const complaints = failuresOf(outcome);
  return {
    ...outcome,
    name: attack.name,
    summary: notes.summary,
    memoryBeforeMib,
    loopHeldUpMs,
    missesMs,
    complaints,
    isHeld: complaints.length === 0,
  };
}
