import { hostname } from 'node:os';
import type { Sample } from './cache-sampler.js';

/** The state that a process reports. */
export interface ProcessReport {
  readonly host: string;
  readonly pid: number;
  readonly samples: readonly Sample[];
}

export const reportWith = (samples: readonly Sample[]): ProcessReport => ({
  host: hostname(),
  pid: process.pid,
  samples,
});
