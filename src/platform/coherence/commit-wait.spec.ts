import { describe, expect, it } from '@jest/globals';
import { CommitWait } from './commit-wait.js';

const FULL_MS = 440;
const LONG_AGO_MS = 10_000;

function committedAt(atMs: number): CommitWait {
  const wait = new CommitWait(FULL_MS);
  wait.committed(atMs);
  return wait;
}

describe('CommitWait', () => {
  it('waits for every lease there can be, as long as PostgreSQL has not said which there are', () => {
    expect(committedAt(100).answerableAtMs).toBe(100 + FULL_MS);
  });

  it('waits for nothing when nobody else holds a lease', () => {
    const wait = committedAt(100);
    wait.leasesWere({ historyAgeMs: LONG_AGO_MS, replicas: [] }, 101);
    expect(wait.answerableAtMs).toBe(100);
  });

  it('waits for each replica until it has acknowledged or its lease has run out', () => {
    const wait = committedAt(100);
    wait.leasesWere(
      {
        historyAgeMs: LONG_AGO_MS,
        replicas: [
          { id: 'a', leftMs: 300 },
          { id: 'b', leftMs: 50 },
        ],
      },
      101,
    );
    expect(wait.answerableAtMs).toBe(401);
    wait.acknowledge('a');
    expect(wait.answerableAtMs).toBe(151);
    wait.acknowledge('b');
    expect(wait.answerableAtMs).toBe(100);
  });

  it('counts an acknowledgement that came before the reply to the COMMIT', () => {
    const wait = new CommitWait(FULL_MS);
    wait.acknowledge('a');
    wait.committed(100);
    wait.leasesWere({ historyAgeMs: LONG_AGO_MS, replicas: [{ id: 'a', leftMs: 300 }] }, 101);
    expect(wait.answerableAtMs).toBe(100);
  });

  it('never waits longer than a whole lease, whoever does not answer', () => {
    const wait = committedAt(100);
    wait.leasesWere({ historyAgeMs: LONG_AGO_MS, replicas: [{ id: 'a', leftMs: FULL_MS }] }, 300);
    expect(wait.answerableAtMs).toBe(100 + FULL_MS);
  });

  it('does not believe a list of leases that a crash of PostgreSQL may have emptied', () => {
    const wait = committedAt(100);
    wait.leasesWere({ historyAgeMs: FULL_MS - 1, replicas: [] }, 101);
    expect(wait.answerableAtMs).toBe(100 + FULL_MS);
  });
});
