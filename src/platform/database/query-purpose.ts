import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What a statement is for. `request`: answers one request. `fill`: loads what a cache lacks. `write`: a transaction.
 * `bus`: follows the outbox and tells of it. `job`: work that nobody waits for.
 */
export const QUERY_PURPOSES = ['request', 'fill', 'write', 'bus', 'job'] as const;
export type QueryPurpose = (typeof QUERY_PURPOSES)[number];

const current = new AsyncLocalStorage<QueryPurpose>();

/** Statements that `work` sends, and what it calls and starts, count as being for this. */
export const queriesFor = <T>(purpose: QueryPurpose, work: () => T): T => current.run(purpose, work);

export const queryPurpose = (): QueryPurpose => current.getStore() ?? 'request';
