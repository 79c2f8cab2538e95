import { decodeAnswer, encodeAnswer } from './answer-codec.js';
import { CachedAbsence } from './cached-absence.js';
import { CachedAnswer } from './cached-answer.js';
import type { RemoteStore } from './remote-store.js';
import type { RemoteTier } from './tiered-cache.js';

/** L2 entries must be younger than the outbox rows that a starting replica reads, which OutboxPruner keeps for twice as long. */
const MAX_AGE_MS = 3_600_000;

/** L2 of finished answers: bytes, with a header that says what they were read from. Absences stay in L1. */
export class RemoteAnswers implements RemoteTier<CachedAnswer | CachedAbsence> {
  constructor(private readonly store: RemoteStore) {}

  async get(key: string): Promise<CachedAnswer | undefined> {
    const bytes = await this.store.get(key);
    const decoded = bytes === undefined ? undefined : decodeAnswer(bytes);
    if (decoded === undefined || Date.now() - decoded.times.storedAtMs > MAX_AGE_MS) return undefined;
    return new CachedAnswer(decoded.content, decoded.times, false);
  }

  keeps(entry: CachedAnswer | CachedAbsence): entry is CachedAnswer {
    return entry instanceof CachedAnswer && !entry.isTransient;
  }

  async set(key: string, entry: CachedAnswer | CachedAbsence): Promise<void> {
    if (!this.keeps(entry)) return;
    await this.store.set(
      key,
      encodeAnswer(entry.content, entry.times),
      Math.min(entry.times.ttlMs, MAX_AGE_MS),
    );
  }
}
