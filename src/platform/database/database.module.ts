import { Global, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Config } from '../../config.js';
import { HistoryGate } from '../coherence/history-gate.js';
import { ConnectionHistories } from './connection-histories.js';
import { ConnectionPoolKeeper } from './connection-pool.js';
import { CostlyReads } from './costly-reads.js';
import { InstanceAddress } from './embedded/instance-address.js';
import { Housekeeping } from './housekeeping.js';
import { migrate } from './migrate.js';
import { type ConnectionChecks, measuredDriver, type SharedPool } from './pool.js';
import { StorageWatch } from './storage-watch.js';

const CONNECT_TIMEOUT_MS = 1_500;
const IDLE_TIMEOUT_MS = 30_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** The longest wait for a lock. After that, the client is told to retry. */
const LOCK_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

function options(config: Config, checks: ConnectionChecks): DataSourceOptions {
  return {
    type: 'postgres',
    url: config.databaseUrl!,
    driver: measuredDriver,
    applicationName: 'inkwell',
    poolSize: config.databasePoolMax,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      min: config.databasePoolMin,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      keepAlive: true,
      checks,
    },
  };
}

/**
 * TypeORM keeps its pg pool in an untyped field of the driver. Sharing this pool keeps one limit for all connections.
 */
const poolOf = (dataSource: DataSource): SharedPool =>
  (dataSource.driver as unknown as { master: SharedPool }).master;

/** PostgreSQL: TypeORM's DataSource, its pg Pool, and housekeeping. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config, ConnectionHistories],
      useFactory: (config: Config, histories: ConnectionHistories) => ({
        ...options(config, histories),
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
      dataSourceFactory: async (given) => {
        await migrate((given as { url: string }).url);
        return new DataSource(given!).initialize();
      },
    }),
  ],
  providers: [
    { provide: Pool, inject: [getDataSourceToken()], useFactory: poolOf },
    {
      provide: ConnectionPoolKeeper,
      inject: [Pool, Config, HistoryGate, ConnectionHistories],
      useFactory: async (
        pool: SharedPool,
        config: Config,
        gate: HistoryGate,
        histories: ConnectionHistories,
      ) => {
        const keeper = new ConnectionPoolKeeper(pool, config.databasePoolMin);
        gate.onBegin(() => pool.cut((client) => !histories.isCurrent(client)));
        await keeper.topUp();
        return keeper;
      },
    },
    CostlyReads,
    StorageWatch,
    ConnectionHistories,
    Housekeeping,
    InstanceAddress,
  ],
  exports: [Pool, ConnectionHistories, ConnectionPoolKeeper, CostlyReads, StorageWatch, Housekeeping],
})
export class DatabaseModule {}
