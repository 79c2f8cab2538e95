import type { StudioApi } from './api.js';
import type { Clock } from './clock.js';
import type { Journal } from './journal.js';

/** What a session uses of the browser, so that it also runs without one. */
export interface Surroundings {
  readonly api: StudioApi;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly locks: Pick<LockManager, 'request' | 'query'>;
  readonly random: () => number;
  readonly newKey: () => string;
}
