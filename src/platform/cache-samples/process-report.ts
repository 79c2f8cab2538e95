import { hostname } from 'node:os';
import type { Sample } from './cache-sampler.js';

/** What a process tells about itself. */
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
