import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { losing100Writes, losing33Writes, losing500Writes } from './directed/failovers.js';
import { cloneBeside, coldCopyPutBack, dumpRestoredInPlace } from './directed/restores.js';
import { debianInstallation } from './cluster/installation.js';
import { DatabaseClock } from './cluster/database-clock.js';
import { clockIsSetForward, STEPPED_LEASE_MS } from './directed/clock-steps.js';
import {
  LONG_SESSIONS,
  prunedRowsRejectNothing,
  rowsDeletedByHandAreMissed,
  truncatedOutboxIsMissed,
} from './directed/lost-outbox.js';
import { oldPrimaryReturns } from './directed/returns.js';
import { Stand } from './directed/stand.js';

const TIMEOUT_MS = 240_000;

type StandOptions = Parameters<typeof Stand.start>[0];
type Scenario = (stand: Stand) => Promise<string[]>;

/** Runs scenarios one after another on one stand of three replicas. None of them may find an outdated answer. */
function threeReplicas(
  what: string,
  options: () => Omit<StandOptions, 'replicas'>,
  scenarios: readonly (readonly [string, Scenario])[],
): void {
  describe(`three replicas${what}`, () => {
    let stand: Stand;
    beforeAll(async () => {
      stand = await Stand.start({ replicas: 3, ...options() });
    }, TIMEOUT_MS);
    afterAll(() => stand.stop(), TIMEOUT_MS);

    it.each(scenarios)(
      '%s',
      async (_, scenario) => {
        expect(await scenario(stand)).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });
}

threeReplicas(', after a standby was promoted', () => ({ environment: LONG_SESSIONS }), [
  ['show what is in the database when it never got the last 33 writes', losing33Writes],
  ['show what is in the database when it never got the last 100 writes', losing100Writes],
  ['show what is in the database when it never got the last 500 writes', losing500Writes],
]);

threeReplicas('', () => ({ environment: LONG_SESSIONS }), [
  ['read and write nothing at a primary that was replaced while it stood still', oldPrimaryReturns],
  ['believe nothing of Redis that pruned rows of the outbox would reject', prunedRowsRejectNothing],
  ['know that they missed something when the rows are deleted by hand', rowsDeletedByHandAreMissed],
  ['know it when the outbox is truncated', truncatedOutboxIsMissed],
]);

threeReplicas(', after the database was', () => ({ installation: debianInstallation() }), [
  ['replaced by a cold copy of itself, show what is in it, and nothing else', coldCopyPutBack],
  ['restored in place from a dump in one transaction, show what is in it', dumpRestoredInPlace],
  ['copied, and the copy started beside it on the same Redis, show what is in theirs', cloneBeside],
]);

let clock: DatabaseClock;
afterAll(() => clock.remove());

threeReplicas(
  ", when PostgreSQL's clock is stepped",
  () => {
    clock = new DatabaseClock();
    return { leaseMs: STEPPED_LEASE_MS, postgresEnvironment: clock.environment };
  },
  [['wait for a replica whose lease has run out by that clock alone', clockIsSetForward(() => clock)]],
);
