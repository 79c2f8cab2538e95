import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FORGETFUL, transactionIdsComeAgain } from './directed/crashes.js';
import {
  fillerDies,
  readerDiesBeforeItsAcknowledgement,
  writerDiesBeforeItsAnnouncement,
  writerDiesBeforeItsAnswer,
} from './directed/deaths.js';
import { herd } from './directed/herd.js';
import {
  loadBetweenTwoCommitsIsNotKept,
  loadIsNotJoinedWithoutLease,
  overtakenLoadIsNotKept,
  overtakenLoadIsNotShared,
  runningReadIsNotSharedWithoutLease,
} from './directed/late-replies.js';
import {
  commitsOutOfOrderAreFound,
  frozenReplicaWakesUp,
  missedChangesAreLearnt,
  nothingFallsBetweenRegisteringAndAsking,
  silentBusIsNoticed,
} from './directed/lost-contact.js';
import { backupRestoredOnANewServer } from './directed/restores.js';
import { othersTroubleHoldsNobodyUp } from './directed/stalls.js';
import { Stand } from './directed/stand.js';

const TIMEOUT_MS = 120_000;

describe('three replicas, after a write was acknowledged', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await Stand.start({ replicas: 3, postgres: FORGETFUL });
  }, TIMEOUT_MS);
  afterAll(() => stand.stop(), TIMEOUT_MS);

  it.each([
    ['nobody shares a load from before it', overtakenLoadIsNotShared],
    ['nothing keeps what a load from before it found', overtakenLoadIsNotKept],
    [
      'nothing keeps what a load found that saw a younger write and not this one',
      loadBetweenTwoCommitsIsNotKept,
    ],
    ['a replica that lost its lease meanwhile joins no load from before it', loadIsNotJoinedWithoutLease],
    ['a replica without a lease shares no read from before it', runningReadIsNotSharedWithoutLease],
    ['a replica that was frozen does not serve what it had', frozenReplicaWakesUp],
    ['a replica that lost its session learns of it before it uses its caches', missedChangesAreLearnt],
    ['a replica that hears nothing any more does not use its caches', silentBusIsNoticed],
    ['a replica that polls alone finds it, in whatever order commits came', commitsOutOfOrderAreFound],
    ['a replica that is just joining knows of it', nothingFallsBetweenRegisteringAndAsking],
    ['the death of the replica that wrote it changes nothing', writerDiesBeforeItsAnswer],
    ['the trouble of one replica holds nobody up at the others', othersTroubleHoldsNobodyUp],
    [
      'the death of the replica that wrote it, before it could tell anybody, either',
      writerDiesBeforeItsAnnouncement,
    ],
    [
      'the death of a replica that was about to acknowledge it changes nothing',
      readerDiesBeforeItsAcknowledgement,
    ],
    ['the death of a replica that loads holds nobody up', fillerDies],
    ['a crash that lets transaction ids come again changes nothing', transactionIdsComeAgain],
    [
      'a backup of before it that is restored on a new server is shown, and nothing else',
      backupRestoredOnANewServer,
    ],
  ])(
    '%s',
    async (_, scenario) => {
      expect(await scenario(stand)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'a hundred readers at each replica make one query together, or at most one a replica on a busy machine',
    async () => {
      const { fills, complaints } = await herd(stand, 5, 100);
      expect(complaints).toEqual([]);
      expect(fills).toBeGreaterThanOrEqual(5);
      expect(fills).toBeLessThanOrEqual(15);
    },
    TIMEOUT_MS,
  );
});
