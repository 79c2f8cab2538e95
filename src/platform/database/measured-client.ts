import { AsyncResource } from 'node:async_hooks';
import pg from 'pg';
import { type QueryPurpose, queryPurpose } from './query-purpose.js';

type Observe = (purpose: QueryPurpose, seconds: number) => void;
type Done = (...results: unknown[]) => void;
type Query = (...given: unknown[]) => unknown;
type Connect = (callback: Done | undefined) => unknown;

let observe: Observe = () => undefined;

/** @param observer told of every statement that has ended, well or not; one a process, as the metrics it feeds */
export function observeQueries(observer: Observe): void {
  observe = observer;
}

/**
 * Tells of every statement: the time from handing it to a connection to its last row. Waiting for a connection comes
 * before. The overloads of node-postgres come down to a callback that comes last, or a promise.
 */
class QueryMeasuringClient extends pg.Client {
  override query(...given: unknown[]): never {
    const purpose = queryPurpose();
    const startedAt = performance.now();
    const end = (): void => observe(purpose, (performance.now() - startedAt) / 1000);
    const last = given.at(-1);
    if (typeof last === 'function') {
      given[given.length - 1] = (...results: unknown[]): void => {
        end();
        (last as Done)(...results);
      };
    }
    const result = (super.query as Query).apply(this, given);
    if (result instanceof Promise) result.then(end, end);
    return result as never;
  }
}

/** As node-postgres types it, with all its overloads. */
export const MeasuredClient: typeof pg.Client = QueryMeasuringClient;

/** A caller that waited gets its connection from whoever gave it back: what it does then is still for its own purpose. */
class MeasuredPool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super({ ...options, Client: MeasuredClient });
  }

  override connect(callback?: unknown): never {
    const bound = callback === undefined ? undefined : AsyncResource.bind(callback as Done);
    return (super.connect as Connect).call(this, bound) as never;
  }
}

/** node-postgres for TypeORM, with its statements measured. */
export const measuredDriver = { ...pg, Pool: MeasuredPool };
