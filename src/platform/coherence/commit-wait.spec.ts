import { describe, expect, it } from '@jest/globals';
import { CommitWait } from './commit-wait.js';

const FULL_MS = 440;

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
    wait.leasesEnd(new Map());
    expect(wait.answerableAtMs).toBe(100);
  });

  it('waits for each replica until it has acknowledged or its lease has run out', () => {
    const wait = committedAt(100);
    wait.leasesEnd(new Map(Object.entries({ a: 401, b: 151 })));
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
    wait.leasesEnd(new Map([['a', 401]]));
    expect(wait.answerableAtMs).toBe(100);
  });

  it('never waits longer than a whole lease, whoever does not answer', () => {
    const wait = committedAt(100);
    wait.leasesEnd(new Map([['a', 300 + FULL_MS]]));
    expect(wait.answerableAtMs).toBe(100 + FULL_MS);
  });
});
