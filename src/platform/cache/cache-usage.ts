import type { MemoryStore } from './memory-store.js';
import type { Entry } from './entry.js';

/** How much the in-process tier holds. */
export class CacheUsage {
  constructor(private readonly memory: MemoryStore<Entry>) {}

  get entries(): number {
    return this.memory.entries;
  }

  get bytes(): number {
    return this.memory.bytes;
  }
}
