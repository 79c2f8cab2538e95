import pg from 'pg';
import { measureQuery } from './query-purpose.js';

type Done = (...results: unknown[]) => void;
type Query = (...given: unknown[]) => unknown;

/**
 * Measures every statement, from its hand-over to a connection until its last row. The wait for a connection is not
 * included. All overloads of node-postgres come down to a final callback or a promise.
 *
 * The arguments are named rather than `...given`: through an array with the wrapped callback, V8 would keep each query
 * alive by the one before it.
 */
class QueryMeasuringClient extends pg.Client {
  override query(statement: unknown, values?: unknown, callback?: unknown): never {
    const end = measureQuery();
    if (typeof callback === 'function')
      return (super.query as Query).call(this, statement, values, after(end, callback as Done)) as never;
    if (typeof values === 'function')
      return (super.query as Query).call(this, statement, after(end, values as Done)) as never;
    const result = (super.query as Query).call(this, statement, values);
    if (result instanceof Promise) result.then(end, end);
    return result as never;
  }
}

const after =
  (end: () => void, callback: Done): Done =>
  (...results) => {
    end();
    callback(...results);
  };

/** The client as node-postgres types it, with all its overloads. */
export const MeasuredClient: typeof pg.Client = QueryMeasuringClient;
