import { memoryNow } from './memory-now.js';

/** Preloaded into a process that is measured: answers every message with its memory. */
process.on('message', () => process.send(memoryNow()));
