import { Worker } from 'node:worker_threads';

/** A timer that is this late had to wait for a CPU. */
const LATE_MS = 250;
/** In total. Less than this affects nothing that waits for seconds. */
const WORTH_A_LINE_MS = 1_000;

const WATCH = `
const { workerData } = require('node:worker_threads');
const late = new Float64Array(workerData);
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - last > ${LATE_MS}) late[0] += now - last;
  last = now;
}, 50);`;

/**
 * Measures in a separate thread how long the machine had no CPU for it. The tested program does not affect the result.
 */
export class Slowness {
  private readonly late = new Float64Array(new SharedArrayBuffer(8));
  private readonly watcher = new Worker(WATCH, { eval: true, workerData: this.late.buffer, execArgv: [] });

  constructor() {
    this.watcher.unref();
  }

  /** @returns the message to print; undefined if the machine kept up */
  async end(): Promise<string | undefined> {
    await this.watcher.terminate();
    const ms = this.late[0]!;
    return ms < WORTH_A_LINE_MS
      ? undefined
      : `The machine was too slow for ${(ms / 1000).toFixed(1)} s: what came too late then may be its doing, not the program's.`;
  }
}
