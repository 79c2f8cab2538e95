import { EVERYTHING } from '../coherence/tag-journal.js';
import { defineEvent } from '../events/define-event.js';
import { pathTagOf } from './cached-route.js';

/** What an operator wants gone: exactly one of the three. */
export interface PurgeTarget {
  readonly tag?: string | undefined;
  /** Of a page or an API route; whatever its query. */
  readonly path?: string | undefined;
  readonly all?: true | undefined;
}

/** Somebody changed data behind the application's back, and says what is old by it. */
export const CachePurged = defineEvent('cache.purged', ({ tag, path }: PurgeTarget) => {
  if (tag !== undefined) return [tag];
  return [path === undefined ? EVERYTHING : pathTagOf(path)];
});
