import type { Load } from '../load/wrk.js';
import type { ServerProcess } from '../servers/server-process.js';

export const SUBJECTS = ['list', 'post', 'user', 'categories'] as const;
/** The subject of the requests. */
export type Subject = (typeof SUBJECTS)[number];

export const CONNECTIONS = 50;

/** One server under one kind of request: a row of the report. */
export interface Scenario {
  readonly subject: Subject;
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;
  /** The source that every answer must name; `none` for servers that name none. */
  readonly cacheStatus: string;
}
