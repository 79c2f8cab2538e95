import pg from 'pg';
import { isPlain } from './bind-and-execute.js';
import { PreparedRead, type PreparedStatement, type ReadResult } from './prepared-read.js';
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
    // The pool measures it.
    if (statement instanceof PreparedRead) return super.query(statement) as never;
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

interface IdleConnection {
  readonly client: pg.PoolClient;
  readonly idleListener: unknown;
  readonly timeoutId: NodeJS.Timeout | undefined;
}

/** What of pg-pool is not in its types. */
interface Lender {
  readonly _idle?: IdleConnection[];
  readonly _pendingQueue?: readonly unknown[];
  _acquireClient(
    client: pg.PoolClient,
    waiting: { callback: Lent; timedOut: boolean },
    ...rest: unknown[]
  ): void;
}

type Lent = (error: Error | undefined, client: pg.PoolClient, release: (error?: Error) => void) => void;

const isPrepared = (statement: unknown): statement is PreparedStatement => {
  const { name, values = [] } = statement as {
    readonly name?: unknown;
    readonly values?: readonly unknown[];
  };
  return typeof name === 'string' && values.every(isPlain);
};

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

  override query(statement: unknown, values?: unknown, callback?: unknown): never {
    if (values === undefined && callback === undefined && isPrepared(statement))
      return this.read(statement) as never;
    return (super.query as Query).call(this, statement, values, callback) as never;
  }

  /** A statement with a name, and no more of its result than the rows. */
  private read(statement: PreparedStatement): Promise<ReadResult> {
    const purpose = queryPurpose();
    return new Promise((resolve, reject) => {
      this.lend((refused, client, release) => {
        if (refused !== undefined) return reject(refused);
        const end = endOf(purpose);
        const read = new PreparedRead(statement, (failure, result) => {
          end();
          release(failure);
          if (failure === undefined) resolve(result);
          else reject(failure);
        });
        client.query(read);
      });
    });
  }

  /** An idle connection is lent at once, where the pool would set a timer, and wait for the next tick. */
  private lend(callback: Lent): void {
    const pool = this as unknown as Lender;
    const idle = pool._pendingQueue?.length === 0 && !this.ending ? pool._idle?.pop() : undefined;
    if (idle === undefined) return void (super.connect as Connect).call(this, callback as Done);
    clearTimeout(idle.timeoutId);
    pool._acquireClient(idle.client, { callback, timedOut: false }, idle.idleListener, false);
  }
}

/** node-postgres for TypeORM, with its statements measured. */
export const measuredDriver = { ...pg, Pool: MeasuredPool };
