import { TagJournal } from '../../src/platform/coherence/tag-journal.js';
import { cpuMicrosecondsOf } from './cpu-of.js';

const WRITES = [0, 20_000, 200_000];
/** Transactions that were running at the time of the snapshot. */
const RUNNING = 20;

/** CPU of one check whether an entry is current, by the number of changes to the tag. */
export function journalChecks(): string[] {
  return WRITES.map((writes) => {
    const journal = new TagJournal(2 * writes + 1);
    journal.begin({ xmax: 1, xip: [] });
    for (let xid = 1; xid <= writes; xid += 1) journal.record(xid, ['posts']);
    const xip = Array.from({ length: RUNNING }, (_, i) => writes + 1 + i);
    const snapshot = { xmax: writes + RUNNING + 1, xip };
    const us = cpuMicrosecondsOf(() => journal.isCurrent(snapshot, ['posts']));
    return `isCurrent after ${writes} writes of its tag, ${RUNNING} running: ${us.toFixed(2)} µs`;
  });
}
