import { describe, expect, it } from '@jest/globals';
import { parseSnapshot } from './snapshot.js';
import { EVERYTHING, TagJournal } from './tag-journal.js';

const at = parseSnapshot;

describe('TagJournal', () => {
  it('takes a snapshot that saw every transaction of its tags as current', () => {
    const journal = new TagJournal(at('1:1:'));
    journal.record(5, ['post:1']);
    expect(journal.isCurrent(at('6:6:'), ['post:1'])).toBe(true);
    expect(journal.isCurrent(at('5:5:'), ['post:1'])).toBe(false);
    expect(journal.isCurrent(at('5:5:'), ['post:2'])).toBe(true);
  });

  it('remembers an older transaction beside a newer one that committed first', () => {
    const journal = new TagJournal(at('1:1:'));
    journal.record(7, ['posts']);
    journal.record(5, ['posts']);
    expect(journal.isCurrent(at('5:8:5'), ['posts'])).toBe(false);
    expect(journal.isCurrent(at('8:8:'), ['posts'])).toBe(true);
  });

  it('takes nothing from before a change of everything', () => {
    const journal = new TagJournal(at('1:1:'));
    journal.record(5, [EVERYTHING]);
    expect(journal.isCurrent(at('5:5:'), [])).toBe(false);
    expect(journal.isCurrent(at('6:6:'), ['posts'])).toBe(true);
  });

  it('takes nothing from before its floor', () => {
    const journal = new TagJournal(at('10:12:10'));
    expect(journal.isCurrent(at('9:11:9'), [])).toBe(false);
    expect(journal.isCurrent(at('10:12:10'), [])).toBe(true);
  });

  it('rejects after compaction what it can no longer judge, and judges the rest as before', () => {
    const journal = new TagJournal(at('1:1:'), 3);
    for (const xid of [2, 3, 4, 9]) journal.record(xid, ['posts']);
    journal.compact(at('9:10:9'));
    expect(journal.size).toBe(1);
    expect(journal.isCurrent(at('3:3:'), ['post:1'])).toBe(false);
    expect(journal.isCurrent(at('9:10:9'), ['posts'])).toBe(false);
    expect(journal.isCurrent(at('10:10:'), ['posts'])).toBe(true);
  });
});
