import type { Snapshot } from './snapshot.js';
import { TagJournal } from './tag-journal.js';

/** What an answer must carry for its currency to be judged. */
export interface Provenance {
  readonly tags: readonly string[];
  readonly snapshot: Snapshot;
  readonly epoch: string;
}

/** What this process knows of the changes made so far: whether it may use its caches, and which data are current. */
export class Coherence {
  private history: { readonly epoch: string; readonly journal: TagJournal } | undefined;

  /** False until the outbox has been joined: then nothing is read from a cache, and nothing stored. */
  get isUsable(): boolean {
    return this.history !== undefined;
  }

  /** Names the history of transaction ids; another one after a crash or failover of PostgreSQL. Empty before joining. */
  get epoch(): string {
    return this.history?.epoch ?? '';
  }

  /** Begins a history. @param floor a snapshot from which on every change is going to be recorded */
  begin(epoch: string, floor: Snapshot): void {
    this.history = { epoch, journal: new TagJournal(floor) };
  }

  record(xid: number, tags: readonly string[]): void {
    this.history?.journal.record(xid, tags);
  }

  compact(floor: Snapshot): void {
    this.history?.journal.compact(floor);
  }

  /** Would a read now find what was found in this snapshot? */
  isCurrent({ epoch, snapshot, tags }: Provenance): boolean {
    return this.history?.epoch === epoch && this.history.journal.isCurrent(snapshot, tags);
  }
}
