import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The purpose of a statement. `request`: answers one request. `fill`: loads a cache entry. `write`: a transaction.
 * `bus`: follows the outbox and announces changes. `job`: work that nobody waits for.
 */
export const QUERY_PURPOSES = ['request', 'fill', 'write', 'bus', 'job'] as const;
export type QueryPurpose = (typeof QUERY_PURPOSES)[number];

const current = new AsyncLocalStorage<QueryPurpose>();

/** Runs `work`; all statements that it sends, directly or indirectly, count for this purpose. */
export const queriesFor = <T>(purpose: QueryPurpose, work: () => T): T => current.run(purpose, work);

export const queryPurpose = (): QueryPurpose => current.getStore() ?? 'request';

type QueryObserver = (purpose: QueryPurpose, seconds: number) => void;

let observe: QueryObserver = () => undefined;

/**
 * @param observer called when a statement has ended, with or without an error. One per process, like the metrics it
 * feeds.
 */
export function observeQueries(observer: QueryObserver): void {
  observe = observer;
}

/** Starts to measure a statement. @returns a function to call when it has ended */
export function measureQuery(purpose = queryPurpose()): () => void {
  const startedAt = performance.now();
  return () => observe(purpose, (performance.now() - startedAt) / 1000);
}
