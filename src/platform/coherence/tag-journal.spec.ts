import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isVisible, parseSnapshot, seesAllOf, type Snapshot } from './snapshot.js';
import { EVERYTHING, TagJournal } from './tag-journal.js';

const at = parseSnapshot;

function journalFrom(floor: Snapshot, maxRemembered?: number): TagJournal {
  const journal = new TagJournal(maxRemembered);
  journal.begin(floor);
  return journal;
}

describe('TagJournal', () => {
  it('takes a snapshot that saw every transaction of its tags as current', () => {
    const journal = journalFrom(at('1:1:'));
    journal.record(5, ['post:1']);
    expect(journal.isCurrent(at('6:6:'), ['post:1'])).toBe(true);
    expect(journal.isCurrent(at('5:5:'), ['post:1'])).toBe(false);
    expect(journal.isCurrent(at('5:5:'), ['post:2'])).toBe(true);
  });

  it('remembers an older transaction beside a newer one that committed first', () => {
    const journal = journalFrom(at('1:1:'));
    journal.record(7, ['posts']);
    journal.record(5, ['posts']);
    expect(journal.isCurrent(at('5:8:5'), ['posts'])).toBe(false);
    expect(journal.isCurrent(at('8:8:'), ['posts'])).toBe(true);
  });

  it('takes nothing from before a change of everything', () => {
    const journal = journalFrom(at('1:1:'));
    journal.record(5, [EVERYTHING]);
    expect(journal.isCurrent(at('5:5:'), [])).toBe(false);
    expect(journal.isCurrent(at('6:6:'), ['posts'])).toBe(true);
  });

  it('takes nothing from before its floor', () => {
    const journal = journalFrom(at('10:12:10'));
    expect(journal.isCurrent(at('9:11:9'), [])).toBe(false);
    expect(journal.isCurrent(at('10:12:10'), [])).toBe(true);
  });

  it('rejects after compaction what it can no longer judge, and judges the rest as before', () => {
    const journal = journalFrom(at('1:1:'), 3);
    for (const xid of [2, 3, 4, 9]) journal.record(xid, ['posts']);
    journal.compact(at('9:10:9'));
    expect(journal.size).toBe(1);
    expect(journal.isCurrent(at('3:3:'), ['post:1'])).toBe(false);
    expect(journal.isCurrent(at('9:10:9'), ['posts'])).toBe(false);
    expect(journal.isCurrent(at('10:10:'), ['posts'])).toBe(true);
  });
});

/** The definition without an index: scans every transaction of a tag. */
class LinearJournal {
  private changes: { readonly xid: number; readonly tag: string }[] = [];

  constructor(
    private floor: Snapshot,
    private readonly maxRemembered: number,
  ) {}

  private touching(tags: readonly string[]): { readonly xid: number; readonly tag: string }[] {
    return this.changes.filter(({ tag }) => tag === EVERYTHING || tags.includes(tag));
  }

  record(xid: number, tags: readonly string[]): void {
    const isKnown = (tag: string): boolean =>
      this.changes.some((change) => change.xid === xid && change.tag === tag);
    for (const tag of tags) if (!isKnown(tag)) this.changes.push({ xid, tag });
  }

  isCurrent(snapshot: Snapshot, tags: readonly string[]): boolean {
    return (
      seesAllOf(snapshot, this.floor) && this.touching(tags).every(({ xid }) => isVisible(xid, snapshot))
    );
  }

  newestXidOf(tags: readonly string[]): number | undefined {
    const xids = this.touching(tags).map(({ xid }) => xid);
    return xids.length === 0 ? undefined : Math.max(...xids);
  }

  get size(): number {
    return this.changes.length;
  }

  compact(floor: Snapshot): void {
    if (this.size <= this.maxRemembered) return;
    this.floor = floor;
    this.changes = this.changes.filter(({ xid }) => !isVisible(xid, floor));
  }
}

describe('TagJournal, compared with its definition', () => {
  const xid = fc.integer({ min: 1, max: 24 });
  const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', EVERYTHING), { maxLength: 3 });
  const snapshot = fc
    .record({ xmax: fc.integer({ min: 1, max: 26 }), running: fc.uniqueArray(xid, { maxLength: 5 }) })
    .map(({ xmax, running }): Snapshot => ({ xmax, xip: running.filter((one) => one < xmax) }));
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ record: xid, tags }) },
    { weight: 1, arbitrary: fc.record({ compact: snapshot }) },
  );

  it('says the same whatever was recorded, in whatever order, and forgotten', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(fc.record({ snapshot, tags }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 12 }),
        (steps, questions, maxRemembered) => {
          const journal = journalFrom(at('1:1:'), maxRemembered);
          const linear = new LinearJournal(at('1:1:'), maxRemembered);
          const journals = [journal, linear];
          for (const one of steps) {
            if ('compact' in one) for (const each of journals) each.compact(one.compact);
            else for (const each of journals) each.record(one.record, one.tags);
          }
          expect(journal.size).toBe(linear.size);
          for (const question of questions) {
            expect(journal.isCurrent(question.snapshot, question.tags)).toBe(
              linear.isCurrent(question.snapshot, question.tags),
            );
            expect(journal.newestChangeOf(question.tags)?.xid).toBe(linear.newestXidOf(question.tags));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('TagJournal with many changes of one tag', () => {
  it('looks at as many transactions as were running in the snapshot, not at all that touched the tag', () => {
    const journal = journalFrom(at('1:1:'));
    for (let xid = 1; xid <= 20_000; xid += 1) journal.record(xid, ['posts']);
    let lookedAt = 0;
    const counting = new Proxy<number[]>([30_000, 30_001], {
      get: (target, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) lookedAt += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
    expect(journal.isCurrent({ xmax: 40_000, xip: counting }, ['posts'])).toBe(true);
    expect(lookedAt).toBeLessThanOrEqual(10);
  });
});
