import { describe, expect, it } from '@jest/globals';
import { complaintsWithout } from './switched-off/scenarios.js';

const TIMEOUT_MS = 120_000;

/** The others are in switches.long.ts. */
describe('a build without one protection', () => {
  it.each(['acknowledgement wait', 'lease check', 'snapshot check', 'detaching of loads'] as const)(
    'shows what is old without the %s',
    async (name) => {
      expect((await complaintsWithout(name)).length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
