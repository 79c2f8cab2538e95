import { describe, expect, it } from '@jest/globals';
import { Lease } from './coherence.js';

const LEASE_MS = 400;

function leaseOn(clock: { monotonic: number; wall: number }): Lease {
  return new Lease(LEASE_MS, { monotonicMs: () => clock.monotonic, wallMs: () => clock.wall });
}

describe('Lease', () => {
  it('is not held before the first renewal', () => {
    const lease = leaseOn({ monotonic: 0, wall: 0 });
    expect(lease.isHeld).toBe(false);
    expect(lease.msSinceEnd).toBe(Infinity);
  });

  it('counts from when the renewal was sent, not from when its reply came', () => {
    const clock = { monotonic: 0, wall: 1_000 };
    const lease = leaseOn(clock);
    const sent = lease.moment();
    clock.monotonic = 399;
    clock.wall = 1_399;
    lease.renew(sent);
    expect(lease.isHeld).toBe(true);
    clock.monotonic = 400;
    expect(lease.isHeld).toBe(false);
    clock.monotonic = 450;
    expect(lease.msSinceEnd).toBe(50);
  });

  it('ends while the machine is suspended, when the monotonic clock stands still', () => {
    const clock = { monotonic: 0, wall: 1_000 };
    const lease = leaseOn(clock);
    lease.renew(lease.moment());
    clock.wall += LEASE_MS;
    expect(lease.isHeld).toBe(false);
  });

  it('is not made longer by a wall clock that is set back', () => {
    const clock = { monotonic: 0, wall: 1_000 };
    const lease = leaseOn(clock);
    lease.renew(lease.moment());
    clock.wall -= 3_600_000;
    clock.monotonic = LEASE_MS;
    expect(lease.isHeld).toBe(false);
  });

  it('ends at once when it is given back', () => {
    const lease = leaseOn({ monotonic: 0, wall: 0 });
    lease.renew(lease.moment());
    lease.giveBack();
    expect(lease.isHeld).toBe(false);
  });
});
