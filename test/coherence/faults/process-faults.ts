import type { Fault } from './fault.js';

export const PROCESS_FAULTS: Readonly<Record<string, Fault>> = {
  'replica-frozen': async ({ victim: { replica }, pause }) => {
    replica.freeze();
    await pause(100, 1_400);
    replica.thaw();
  },
  'replica-killed': async ({ victim: { replica }, pause }) => {
    await replica.kill();
    await pause(0, 500);
    await replica.start();
  },
  'redis-killed': async ({ cluster, pause }) => {
    cluster.killRedis();
    await pause(300, 2_000);
    await cluster.restartRedis();
  },
};
