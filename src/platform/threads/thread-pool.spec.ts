import { afterEach, describe, expect, it } from '@jest/globals';
import { Overrun } from './overrun.js';
import { ThreadPool, type ThreadPoolOptions } from './thread-pool.js';

const SCRIPT = `
  import { parentPort, threadId } from 'node:worker_threads';
  const work = {
    thread: () => threadId,
    forEver: () => { for (;;); },
    fill: () => { const held = []; for (;;) held.push(new Array(1000).fill(Math.random())); },
    recurse: () => work.recurse() + 1,
    throw: () => { throw new TypeError('a mistake'); },
  };
  parentPort.on('message', (job) => parentPort.postMessage(work[job]()));
  parentPort.postMessage('ready');`;

type Job = 'thread' | 'forEver' | 'fill' | 'recurse' | 'throw';

const open: ThreadPool<Job, number>[] = [];
function poolOf(changes: Partial<ThreadPoolOptions> = {}): ThreadPool<Job, number> {
  const pool = new ThreadPool<Job, number>({
    script: new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`),
    ...{
      threads: 1,
      deadlineMs: 20_000,
      maxHeapMb: 32,
      idleMs: 20_000,
      maxWaiting: 3,
      maxWaitingPerOwner: 2,
    },
    ...changes,
  });
  open.push(pool);
  return pool;
}
afterEach(() => Promise.all(open.splice(0).map((pool) => pool.close())));

describe('ThreadPool', () => {
  it('keeps a thread for the next job', async () => {
    const pool = poolOf();
    expect(await pool.run('thread', 'ada')).toBe(await pool.run('thread', 'bob'));
  });

  it('ends a thread that works past the deadline, and goes on with another', async () => {
    const pool = poolOf({ deadlineMs: 300 });
    await expect(pool.run('forEver', 'ada')).rejects.toThrow(Overrun);
    expect(await pool.run('thread', 'ada')).toBeGreaterThan(0);
  });

  it.each(['fill', 'recurse'] as const)('takes %s for an overrun, and goes on', async (job) => {
    const pool = poolOf();
    await expect(pool.run(job, 'ada')).rejects.toThrow(Overrun);
    expect(await pool.run('thread', 'ada')).toBeGreaterThan(0);
  });

  it('passes a mistake on as what it is', async () => {
    await expect(poolOf().run('throw', 'ada')).rejects.toMatchObject({ name: 'TypeError' });
  });

  it('gives another owner the next turn, and refuses with 503 what would wait too long', async () => {
    const pool = poolOf({ deadlineMs: 500 });
    const ended: string[] = [];
    const run = (job: Job, owner: string, name: string): Promise<unknown> =>
      pool
        .run(job, owner)
        .catch(() => undefined)
        .then(() => ended.push(name));
    const all = [
      run('forEver', 'ada', 'ada 1'),
      run('forEver', 'ada', 'ada 2'),
      run('thread', 'ada', 'ada 3'),
    ];
    expect(() => pool.run('thread', 'ada')).toThrow(expect.objectContaining({ status: 503 }));
    all.push(run('thread', 'bob', 'bob 1'));
    expect(() => pool.run('thread', 'eve')).toThrow(
      expect.objectContaining({ headers: { 'retry-after': '2' } }),
    );
    await Promise.all(all);
    expect(ended).toEqual(['ada 1', 'ada 2', 'bob 1', 'ada 3']);
  });

  it('refuses what waits when it closes, and what runs ends', async () => {
    const pool = poolOf();
    const both = Promise.allSettled([pool.run('forEver', 'ada'), pool.run('thread', 'ada')]);
    await pool.close();
    expect(await both).toMatchObject([{ reason: { name: 'Overrun' } }, { reason: { status: 503 } }]);
  });
});
