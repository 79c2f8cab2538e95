import { existsSync, readFileSync } from 'node:fs';
// Node strips the types, because Jest does not compile what its globalTeardown imports.
import { suitesLeftOut } from './left-out.ts';
import { redisAtHand } from './redis-server.ts';

/**
 * Jest's globalTeardown. At the end it prints which tests the run has left out, unless certain tests were requested.
 */
export default async function stopServices({ nonFlagArgs, selectProjects }) {
  const said = process.env.TEST_NOT_RUN_FILE;
  const lines = existsSync(said) ? readFileSync(said, 'utf8').trim().split('\n') : [];
  await globalThis.stopServices();
  if (nonFlagArgs.length > 0 || selectProjects?.length > 0) return;
  const machine = {
    redis: redisAtHand(),
    isOperated: process.env.TEST_OPERATE === 'true',
    hasBrowser: process.env.TEST_BROWSER === 'true',
  };
  for (const line of [...new Set(lines), ...suitesLeftOut(machine)]) console.log(`Not run: ${line}`);
}
