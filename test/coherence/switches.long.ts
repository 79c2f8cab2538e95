import { describe, expect, it } from '@jest/globals';
import { complaintsWith, complaintsWithout } from './switched-off/scenarios.js';

const TIMEOUT_MS = 240_000;

/** The others are in switches.test.ts. */
describe('a build without one protection', () => {
  it.each([
    'lease to join',
    'queued read',
    'reload on reconnect',
    'set of transactions',
    'difference of snapshots',
    'registering before polling',
    'age of the history',
    'epoch',
    'forgetting the ids of another history',
    'check of the name of the history',
    'proof of a connection',
    'horizon of the outbox',
    'horizon of a new process',
    "leases by the writer's own clock",
  ] as const)(
    'shows what is old without the %s',
    async (name) => {
      expect((await complaintsWithout(name)).length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

/** In what no other test runs: without notifications, and with a long lease. */
describe('a build with every protection', () => {
  it.each(['registering before polling', 'age of the history'] as const)(
    'shows nothing old in the scenario of the %s',
    async (name) => {
      expect(await complaintsWith(name)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
