import { DatabaseClock } from '../cluster/database-clock.js';
import { clockIsSetForward, STEPPED_LEASE_MS } from '../directed/clock-steps.js';
import { FORGETFUL, leaseOutlivesCrash, transactionIdsComeAgain } from '../directed/crashes.js';
import {
  loadBetweenTwoCommitsIsNotKept,
  loadIsNotJoinedWithoutLease,
  overtakenLoadIsNotKept,
  overtakenLoadIsNotShared,
  runningReadIsNotSharedWithoutLease,
} from '../directed/late-replies.js';
import {
  commitsOutOfOrderAreFound,
  missedChangesAreLearnt,
  nothingFallsBetweenRegisteringAndAsking,
  silentBusIsNoticed,
} from '../directed/lost-contact.js';
import { losing100Writes } from '../directed/failovers.js';
import {
  LONG_SESSIONS,
  prunedRowsRejectNothing,
  rowsDeletedByHandAreMissed,
} from '../directed/lost-outbox.js';
import { coldCopyPutBack } from '../directed/restores.js';
import { oldPrimaryReturns } from '../directed/returns.js';
import { Stand } from '../directed/stand.js';
import { withoutProtections } from './node-options.js';
import type { ProtectionName } from './protections.ts';

export interface Case {
  /** Taken away in both runs. */
  readonly also?: readonly ProtectionName[];
  readonly scenario: (stand: Stand, clock: DatabaseClock | undefined) => Promise<string[]>;
  readonly leaseMs?: number | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  /** Does the scenario set PostgreSQL's clock? */
  readonly needsClock?: true;
}

/** The scenario that goes wrong without each protection. */
export const CASES: Readonly<Record<Exclude<ProtectionName, 'notifications'>, Case>> = {
  'acknowledgement wait': { scenario: silentBusIsNoticed },
  'lease check': { scenario: silentBusIsNoticed },
  'snapshot check': { scenario: overtakenLoadIsNotKept },
  'detaching of loads': { scenario: overtakenLoadIsNotShared },
  'lease to join': { scenario: loadIsNotJoinedWithoutLease },
  'queued read': { scenario: runningReadIsNotSharedWithoutLease },
  'reload on reconnect': { scenario: missedChangesAreLearnt },
  'set of transactions': { scenario: loadBetweenTwoCommitsIsNotKept },
  'difference of snapshots': { scenario: commitsOutOfOrderAreFound },
  // Notifications come in time even so: without them it shows. The longer the lease, the later the next poll corrects it.
  'registering before polling': {
    scenario: nothingFallsBetweenRegisteringAndAsking,
    also: ['notifications'],
    leaseMs: 2_000,
  },
  // The longest lease there is: PostgreSQL recovers within it, also on a busy machine, or does the next time.
  'age of the history': { scenario: leaseOutlivesCrash, leaseMs: 10_000 },
  epoch: { scenario: transactionIdsComeAgain },
  'forgetting the ids of another history': { scenario: losing100Writes },
  'check of the name of the history': { scenario: coldCopyPutBack },
  'proof of a connection': { scenario: oldPrimaryReturns },
  'horizon of the outbox': { scenario: rowsDeletedByHandAreMissed },
  'horizon of a new process': { scenario: prunedRowsRejectNothing, environment: LONG_SESSIONS },
  "leases by the writer's own clock": {
    scenario: (stand, clock) => clockIsSetForward(() => clock!)(stand),
    leaseMs: STEPPED_LEASE_MS,
    needsClock: true,
  },
};

/** @returns what goes wrong in the scenario of a protection, without it and others */
async function runOn(
  { scenario, leaseMs, environment = {}, needsClock }: Case,
  without: readonly ProtectionName[],
): Promise<string[]> {
  const clock = needsClock === true ? new DatabaseClock() : undefined;
  const stand = await Stand.start({
    replicas: 3,
    nodeOptions: withoutProtections(without),
    postgres: FORGETFUL,
    leaseMs,
    environment,
    ...(clock === undefined ? {} : { postgresEnvironment: clock.environment }),
  });
  try {
    return await scenario(stand, clock);
  } finally {
    await stand.stop();
    clock?.remove();
  }
}

/** @returns what goes wrong without the protection */
export const complaintsWithout = (name: keyof typeof CASES): Promise<string[]> =>
  runOn(CASES[name], [name, ...(CASES[name].also ?? [])]);

/** @returns what goes wrong in the same scenario with it: nothing */
export const complaintsWith = (name: keyof typeof CASES): Promise<string[]> =>
  runOn(CASES[name], CASES[name].also ?? []);
