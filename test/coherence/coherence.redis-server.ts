import { describe, expect, it } from '@jest/globals';
import { STEADY_FAULT_NAMES } from './faults/fault-schedule.js';
import { reportText } from './report.js';
import { isGood, runCheck } from './run-check.js';

const SECONDS = 60;
const TIMEOUT_MS = 240_000;
/**
 * Other tests share the machine, and a replica without CPU time cannot tell. `npm run test:coherence` counts these as
 * well.
 */
const STARVED = / is 503 |marked stale while PostgreSQL was there/;
/** If the checker itself was starved of CPU, a late answer is no violation. */
const OVERDUE = /No answer in time/;

describe('three replicas under all faults', () => {
  it(
    'show nothing older than what was acknowledged, and lose nothing',
    async () => {
      const result = await runCheck({
        seconds: SECONDS,
        faults: STEADY_FAULT_NAMES,
        seed: Date.now() % 1_000_000,
        replicas: 3,
        // Light enough for a machine that also runs other tests.
        readsPerSecond: 600,
        writesPerSecond: 15,
        report: () => undefined,
      });
      const text = reportText(result);
      expect(result.reads).toBeGreaterThan(1_000);
      expect(result.writes).toBeGreaterThan(20);
      const isExcused = (kind: string): boolean =>
        STARVED.test(kind) || (result.strainedSeconds > 0 && OVERDUE.test(kind));
      const errors = [...result.errors.keys()].filter((kind) => !isExcused(kind));
      expect(isGood({ ...result, errors: new Map() }) && errors.length === 0 ? '' : text).toBe('');
    },
    TIMEOUT_MS,
  );
});
