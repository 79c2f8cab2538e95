import type { Load } from '../load/wrk.js';
import type { ServerProcess } from '../servers/server-process.js';

export const SUBJECTS = ['list', 'post', 'user', 'categories'] as const;
/** What is asked for. */
export type Subject = (typeof SUBJECTS)[number];

export const CONNECTIONS = 50;

/** One server, asked for one thing in one way: a row of the report. */
export interface Scenario {
  readonly subject: Subject;
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;
  /** What every answer must say of where it comes from; `none` for servers that say nothing. */
  readonly cacheStatus: string;
}
