import { memoryNow } from './memory-now.js';

/** Preloaded into a measured process. Answers every message with the process's memory. */
process.on('message', () => process.send(memoryNow()));
