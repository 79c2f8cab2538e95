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
import { Stand } from '../directed/stand.js';
import type { ProtectionName } from './protections.js';
import { buildWithout } from './test-build.js';

export interface Case {
  /** Taken away in both runs. */
  readonly also?: readonly ProtectionName[];
  readonly scenario: (stand: Stand) => Promise<string[]>;
  readonly leaseMs?: number | undefined;
}

/** What goes wrong without each protection. */
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
};

/** @returns what goes wrong in the scenario of a protection, without it and others */
async function runOn({ scenario, leaseMs }: Case, without: readonly ProtectionName[]): Promise<string[]> {
  const stand = await Stand.start({
    replicas: 3,
    script: without.length === 0 ? 'dist/main.js' : buildWithout(without),
    postgres: FORGETFUL,
    leaseMs,
  });
  try {
    return await scenario(stand);
  } finally {
    await stand.stop();
  }
}

/** @returns what goes wrong without the protection */
export const complaintsWithout = (name: keyof typeof CASES): Promise<string[]> =>
  runOn(CASES[name], [name, ...(CASES[name].also ?? [])]);

/** @returns what goes wrong in the same scenario with it: nothing */
export const complaintsWith = (name: keyof typeof CASES): Promise<string[]> =>
  runOn(CASES[name], CASES[name].also ?? []);
