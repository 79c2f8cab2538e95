import { describe, expect, it } from '@jest/globals';
import { type FailureReason, HttpCallFailed } from './call-failed.js';
import { HostBreakers } from './host-breakers.js';

const FAILURES = 5;

interface Fault {
  readonly reason: FailureReason;
  readonly code?: string;
  readonly hadItsTime?: boolean;
}

/** Does the breaker open after this failure has occurred often enough? */
async function isLeftAlone({ reason, code, hadItsTime = true }: Fault): Promise<boolean> {
  const breakers = new HostBreakers();
  const cause = code === undefined ? undefined : Object.assign(new Error(code), { code });
  const failure = new HttpCallFailed({ reason, call: 'GET host', detail: 'as arranged', cause });
  for (let i = 0; i < FAILURES; i += 1) {
    const attempted = { attempt: () => Promise.reject(failure), hadItsTime: () => hadItsTime };
    await breakers.run('host', 'GET host', attempted).catch(() => undefined);
  }
  try {
    breakers.assertNotOpen('host', 'GET host');
    return false;
  } catch (error) {
    return (error as HttpCallFailed).reason === 'breaker_open';
  }
}

describe('HostBreakers', () => {
  it.each<Fault>([
    { reason: 'timeout' },
    { reason: 'connection', code: 'ECONNREFUSED' },
    { reason: 'unknown_host', code: 'ENOTFOUND' },
  ])('blames the host for $reason $code', async (fault) => {
    expect(await isLeftAlone(fault)).toBe(true);
  });

  it.each<Fault>([
    { reason: 'timeout', hadItsTime: false },
    { reason: 'connection', code: 'EMFILE' },
    { reason: 'cancelled' },
    { reason: 'overloaded' },
  ])('does not blame the host for $reason $code of our own', async (fault) => {
    expect(await isLeftAlone(fault)).toBe(false);
  });
});
