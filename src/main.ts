import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import cluster from 'node:cluster';
import { AppModule } from './app.module.js';
import { Config } from './config.js';
import { WarmUp } from './platform/cache/warm-up.js';
import { httpUrlOf } from './platform/database/embedded/instance-address.js';
import { publishHttpUrl } from './platform/database/embedded/instance-lock.js';
import { type ProvidedDatabase, provideDatabase } from './platform/database/embedded/provide-database.js';
import { oneLine } from './platform/errors/one-line.js';
import { Lifecycle } from './platform/lifecycle/lifecycle.js';
import { assertNodeIsNewEnough, assertPortIsFree } from './platform/lifecycle/starting-conditions.js';
import { stop } from './platform/lifecycle/stop.js';
import { createLog, type Log } from './platform/logs/log.js';
import { NestLog } from './platform/logs/nest-log.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { ProcessGroup, tellReady } from './platform/processes/process-group.js';
import { developmentSecret } from './platform/secrets/development-secret.js';
import { createApp } from './platform/server/create-app.js';

/** Readiness waits no longer for the answers that are asked for most. */
const WARM_UP_MS = 5_000;

/** What a signal does. Before there is anything to stop the process just ends, and with it an embedded database. */
let leave = (): Promise<void> => Promise.resolve();

async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  assertNodeIsNewEnough();
  const configured = Config.from(environment);
  const log = createLog(configured);
  Logger.overrideLogger(new NestLog(log));
  if (cluster.isWorker) return serveInGroup(configured, log);
  leaveOnSignal();
  await assertPortIsFree(configured.port, configured.host);
  const database = await provideDatabase(configured);
  try {
    if (configured.webConcurrency > 1) await openGroup(database);
    else await open(database.config, log, () => database.stop());
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** As one of `WEB_CONCURRENCY` processes: the first of them speaks to the people, and has the signals. */
async function serveInGroup(config: Config, log: Log): Promise<void> {
  // A terminal tells every process, and the first passes on what only it was told.
  process.on('SIGINT', () => undefined);
  let leaving: Promise<void> | undefined;
  process.on('SIGTERM', () => void (leaving ??= leave()).then(() => process.exit(0)));
  await open(config, log, () => Promise.resolve());
  tellReady();
}

async function openGroup({ config, stop: stopDatabase }: ProvidedDatabase): Promise<void> {
  const group = new ProcessGroup(config);
  leave = async () => {
    await group.stop();
    await stopDatabase();
  };
  try {
    await group.start(({ address, port }) => {
      if (port === config.port || config.port === 0) publishHttpUrl(config.dataDir, httpUrlOf(address, port));
    });
  } catch (error) {
    await group.stop();
    throw error;
  }
}

/** @param onStopped called when a signal has stopped the application */
async function open(found: Config, log: Log, onStopped: () => Promise<void>): Promise<void> {
  const config = found.with({ authSecret: found.authSecret ?? [developmentSecret(found.dataDir)] });
  const app = await createApp(AppModule.forRoot(config), config, log);
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  leave = async () => {
    await stop(app, config);
    await onStopped();
  };
  await app.get(WarmUp).run(WARM_UP_MS);
  app.get(Lifecycle).markWarm();
  const address = (config.publicUrl ?? localAddress(await app.getUrl())).replace(/\/$/, '');
  if (!cluster.isWorker || cluster.worker?.id === 1) announce(address, app.get(MetricsServer).port);
}

const localAddress = (url: string): string => url.replace(/\/\/(0\.0\.0\.0|\[::1?\])/, '//localhost');

function announce(address: string, metricsPort: number | undefined): void {
  const logger = new Logger('Inkwell');
  logger.log(`Blog               ${address}/blog/`);
  logger.log(`API documentation  ${address}/docs`);
  logger.log(
    `Metrics            ${metricsPort === undefined ? address : `http://localhost:${metricsPort}`}/metrics`,
  );
}

/** The first signal stops without losing a request, the second at once. */
function leaveOnSignal(): void {
  let isLeaving = false;
  const onSignal = (): void => {
    if (isLeaving) process.exit(1);
    isLeaving = true;
    leave().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

await serve(process.env).catch((error: unknown) => {
  // One line: what is wrong, for the person who started it.
  process.stderr.write(`${oneLine(error)}\n`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
