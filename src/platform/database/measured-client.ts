import pg from 'pg';
import { queriesFor, type QueryPurpose, queryPurpose } from './query-purpose.js';

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
 *
 * Arguments by name, not `...given`: from an array that holds the wrapped callback V8 keeps each query alive by the one before.
 */
class QueryMeasuringClient extends pg.Client {
  override query(statement: unknown, values?: unknown, callback?: unknown): never {
    const end = endOf(queryPurpose());
    if (typeof callback === 'function')
      return (super.query as Query).call(this, statement, values, after(end, callback as Done)) as never;
    if (typeof values === 'function')
      return (super.query as Query).call(this, statement, after(end, values as Done)) as never;
    const result = (super.query as Query).call(this, statement, values);
    if (result instanceof Promise) result.then(end, end);
    return result as never;
  }
}

function endOf(purpose: QueryPurpose): () => void {
  const startedAt = performance.now();
  return () => observe(purpose, (performance.now() - startedAt) / 1000);
}

const after =
  (end: () => void, callback: Done): Done =>
  (...results) => {
    end();
    callback(...results);
  };

/** As node-postgres types it, with all its overloads. */
export const MeasuredClient: typeof pg.Client = QueryMeasuringClient;

/**
 * A caller that waited gets its connection from whoever gave it back: what it does then is still for its own purpose. Not by an
 * AsyncResource: each would be kept alive by the one before, until the old generation is collected, with all that its query
 * holds (11 KB a query; a quarter of the CPU of a miss went into copying them).
 */
class MeasuredPool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super({ ...options, Client: MeasuredClient });
  }

  override connect(callback?: unknown): never {
    if (callback === undefined) return (super.connect as Connect).call(this, undefined) as never;
    const purpose = queryPurpose();
    const lent: Done = (...results) => queriesFor(purpose, () => (callback as Done)(...results));
    return (super.connect as Connect).call(this, lent) as never;
  }
}

/** node-postgres for TypeORM, with its statements measured. */
export const measuredDriver = { ...pg, Pool: MeasuredPool };
