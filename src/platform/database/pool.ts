import { Logger } from '@nestjs/common';
import pg from 'pg';
import { type RunningTime, runningTime, type RunningSpan } from '../resilience/running-time.js';
import { isPlain } from './bind-and-execute.js';
import { endAtOnce } from './end-at-once.js';
import { MeasuredClient } from './measured-client.js';
import { PreparedRead, type PreparedStatement, type ReadResult } from './prepared-read.js';
import { measureQuery, queriesFor, queryPurpose } from './query-purpose.js';

/** The longest wait, however starved the process is. */
const LONGEST_MS = 10_000;
/** How often a caller that waits beyond the timeout is checked. */
const CHECK_MS = 25;
/** pg-pool's two timeout errors, which have no code: waiting for a free connection, and opening a new one. */
const TIMED_OUT =
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)$/;

/** pg-pool passes only the error if no connection became free in time. */
type OnConnection = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: (error?: Error | boolean) => void,
) => void;
type Connect = (callback: OnConnection | undefined) => unknown;
type Query = (...given: unknown[]) => unknown;

/**
 * A pool that retries if a connection did not come in time because this process was starved of CPU. It retries until
 * the process has run for as long as the timeout, and longer while other callers get replies.
 */
export class PatientPool extends pg.Pool {
  /** How often a connection was released without an error, which means that PostgreSQL answered. */
  answered = 0;

  constructor(
    options: pg.PoolConfig,
    private readonly time: Pick<RunningTime, 'begin'> = runningTime,
  ) {
    super(options);
    this.on('release', (error: Error | boolean | null | undefined) => {
      if (!(error instanceof Error) && error !== true) this.answered += 1;
    });
  }

  override connect(callback?: unknown): never {
    if (callback !== undefined) return this.ask(callback as OnConnection) as never;
    return new Promise((resolve, reject) =>
      this.ask((error, client) => (error === undefined ? resolve(client) : reject(error))),
    ) as never;
  }

  private ask(callback: OnConnection): void {
    const look = this.time.begin();
    let answeredBefore = this.answered;
    const isPatient = (): boolean => this.isPatient(look(), this.answered > answeredBefore);
    let check: NodeJS.Timeout | undefined;
    let isOver = false;
    const end: OnConnection = (error, client, release) => {
      clearInterval(check);
      // The caller has been answered already, so the connection goes back for the next one.
      if (isOver) return release?.();
      isOver = true;
      callback(error, client, release);
    };
    const attempt = (): void => {
      answeredBefore = this.answered;
      (super.connect as Connect).call(this, (error, client, release) => {
        if (isOver || !error || !TIMED_OUT.test(error.message) || !isPatient())
          return end(error ?? undefined, client, release);
        // A retry takes a whole timeout, and the process may have run for long enough before that.
        check ??= setInterval(() => isPatient() || end(error, client, release), CHECK_MS).unref();
        attempt();
      });
    };
    attempt();
  }

  private isPatient({ elapsedMs, ranMs, isStarved }: RunningSpan, wereOthersAnswered: boolean): boolean {
    if (!isStarved || this.ending || elapsedMs >= LONGEST_MS) return false;
    return wereOthersAnswered || ranMs < (this.options.connectionTimeoutMillis ?? 0);
  }
}

interface IdleConnection {
  readonly client: pg.PoolClient;
  readonly idleListener: unknown;
  readonly timeoutId: NodeJS.Timeout | undefined;
}

/** A caller that waits for a connection. */
interface WaitingCaller {
  readonly callback: OnConnection;
  readonly timedOut: boolean;
}

/** The part of pg-pool that its types leave out. */
interface PoolInternals {
  readonly _idle?: IdleConnection[];
  readonly _pendingQueue?: WaitingCaller[];
  _acquireClient(client: pg.PoolClient, waiting: WaitingCaller, ...rest: unknown[]): void;
  _remove(client: pg.PoolClient): void;
  _pulseQueue(): void;
}

/** Checks on the connections of a pool. */
export interface ConnectionChecks {
  /** Called once per connection, before its first use. @throws if the connection must not be used */
  prove(client: pg.ClientBase): Promise<void>;
  /** Called each time before the connection is checked out. */
  isCurrent(client: pg.ClientBase): boolean;
}

const isPrepared = (statement: unknown): statement is PreparedStatement => {
  const { name, values = [] } = statement as {
    readonly name?: unknown;
    readonly values?: readonly unknown[];
  };
  return typeof name === 'string' && values.every(isPlain);
};

/**
 * When a caller gets a connection that another one released, its statements still count for its own purpose. An
 * AsyncResource would do the same, but each would keep the one before it alive until the old generation is collected,
 * with everything its query holds (11 KB per query; copying them took a quarter of the CPU time of a miss).
 */
class DatabasePool extends PatientPool {
  private readonly logger = new Logger('Database');
  private readonly checks: ConnectionChecks | undefined;
  private readonly open = new Set<pg.PoolClient>();

  constructor(options: pg.PoolConfig & { readonly checks?: ConnectionChecks }) {
    const { checks } = options;
    super({
      ...options,
      Client: MeasuredClient,
      ...(checks === undefined
        ? {}
        : {
            // pg-pool awaits the promise.
            onConnect: (client: pg.ClientBase): unknown => checks.prove(client),
          }),
    });
    this.checks = checks;
    this.on('connect', (client) => {
      this.open.add(client);
      // pg-pool only handles errors of idle clients. An error on a client in use would end the process.
      client.on('error', (error) => this.logger.debug(`Connection lost: ${error.message}`));
    });
    this.on('remove', (client) => this.open.delete(client));
    this.on('error', () => undefined);
  }

  /** Ends connections at once, together with the queries that wait on them. */
  cut(isConcerned: (client: pg.PoolClient) => boolean = () => true): void {
    for (const client of this.open) if (isConcerned(client)) endAtOnce(client);
  }

  /**
   * Every checkout passes through here, including those by pg-pool itself. A connection that is no longer current is
   * replaced. @internal pg-pool calls this method by its name
   */
  _acquireClient(client: pg.PoolClient, waiting: WaitingCaller, ...rest: unknown[]): void {
    const pool = this as unknown as PoolInternals;
    if (this.checks?.isCurrent(client) === false) {
      pool._pendingQueue?.unshift(waiting);
      pool._remove(client);
      endAtOnce(client);
      pool._pulseQueue();
      return;
    }
    (pg.Pool.prototype as unknown as PoolInternals)._acquireClient.call(this, client, waiting, ...rest);
  }

  override connect(callback?: unknown): never {
    if (callback === undefined) return (super.connect as Connect).call(this, undefined) as never;
    const purpose = queryPurpose();
    const onConnection: OnConnection = (...results) =>
      queriesFor(purpose, () => (callback as OnConnection)(...results));
    return (super.connect as Connect).call(this, onConnection) as never;
  }

  override query(statement: unknown, values?: unknown, callback?: unknown): never {
    if (values === undefined && callback === undefined && isPrepared(statement))
      return this.read(statement) as never;
    return (super.query as Query).call(this, statement, values, callback) as never;
  }

  /** Runs a named statement, and returns only its rows. */
  private read(statement: PreparedStatement): Promise<ReadResult> {
    const purpose = queryPurpose();
    return new Promise((resolve, reject) => {
      this.checkOut((refused, client, release) => {
        if (refused !== undefined) return reject(refused);
        const end = measureQuery(purpose);
        const read = new PreparedRead(statement, (failure, result) => {
          end();
          release!(failure);
          if (failure === undefined) resolve(result);
          else reject(failure);
        });
        // It is measured here.
        (pg.Client.prototype.query as Query).call(client, read);
      });
    });
  }

  /** Checks out an idle connection at once. pg-pool would set a timer and wait for the next tick. */
  private checkOut(callback: OnConnection): void {
    const pool = this as unknown as PoolInternals;
    const idle = pool._pendingQueue?.length === 0 && !this.ending ? pool._idle?.pop() : undefined;
    if (idle === undefined) return void (super.connect as Connect).call(this, callback);
    clearTimeout(idle.timeoutId);
    pool._acquireClient(idle.client, { callback, timedOut: false }, idle.idleListener, false);
  }
}

/** A DatabasePool as node-postgres types it, with all its overloads. */
export type SharedPool = pg.Pool & Pick<DatabasePool, 'answered' | 'cut'>;

/** node-postgres for TypeORM, with measured statements. */
export const measuredDriver = { ...pg, Pool: DatabasePool };
