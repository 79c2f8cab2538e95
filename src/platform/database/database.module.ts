import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Config } from '../../config.js';
import { ConnectionPoolKeeper } from './connection-pool.js';
import { InstanceAddress } from './embedded/instance-address.js';
import { Housekeeping } from './housekeeping.js';
import { measuredDriver } from './measured-client.js';
import { migrate } from './migrate.js';
import { OutboxPruner } from './outbox-pruner.js';
import { TransactionRunner } from './transaction-runner.js';

/** Requests are over by then. */
const CLOSE_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 1_500;
const IDLE_TIMEOUT_MS = 30_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

function options(config: Config): DataSourceOptions {
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
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      keepAlive: true,
    },
  };
}

/** TypeORM keeps its pg pool in an untyped field of the driver. The pool is shared, so that there is one limit. */
const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

@Injectable()
class PoolLifetime implements OnApplicationShutdown {
  constructor(@Inject(ConnectionPoolKeeper) private readonly keeper: ConnectionPoolKeeper) {}

  onApplicationShutdown(): void {
    this.keeper.stop();
    // The pool's end waits for its connections; those that hang must not hold up the process.
    setTimeout(() => this.keeper.cut(), CLOSE_TIMEOUT_MS).unref();
  }
}

/** PostgreSQL: TypeORM's DataSource, the pg Pool under it, transactions that fill the outbox, housekeeping. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ ...options(config), autoLoadEntities: true, retryAttempts: 0 }),
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
      inject: [Pool, Config],
      useFactory: async (pool: Pool, config: Config) => {
        const keeper = new ConnectionPoolKeeper(pool, config.databasePoolMin);
        await keeper.topUp();
        return keeper;
      },
    },
    PoolLifetime,
    TransactionRunner,
    Housekeeping,
    OutboxPruner,
    InstanceAddress,
  ],
  exports: [Pool, ConnectionPoolKeeper, TransactionRunner, Housekeeping],
})
export class DatabaseModule {}
