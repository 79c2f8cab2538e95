import 'reflect-metadata';
import { type INestApplication, Logger } from '@nestjs/common';
import cluster from 'node:cluster';
import { AppModule } from './app.module.js';
import { Config } from './config.js';
import { WarmUp } from './platform/responses/warm-up.js';
import { httpUrlOf } from './platform/database/embedded/instance-address.js';
import { publishHttpUrl } from './platform/database/embedded/instance-lock.js';
import { provideDatabase, type ProvidedDatabase } from './platform/database/provide-database.js';
import { oneLine } from './platform/errors/one-line.js';
import { Lifecycle } from './platform/lifecycle/lifecycle.js';
import { assertNodeIsNewEnough, assertPortIsFree } from './platform/lifecycle/starting-conditions.js';
import { stop } from './platform/lifecycle/stop.js';
import { WaitingServer } from './platform/server/waiting-server.js';
import { createLog, type Log } from './platform/logs/log.js';
import { letOnlyTheLogWrite } from './platform/logs/only-the-log-writes.js';
import { NestLog } from './platform/logs/nest-log.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { ProcessGroup, tellReady } from './platform/processes/process-group.js';
import { developmentSecret } from './platform/secrets/development-secret.js';
import { createApp } from './platform/server/create-app.js';
import { Setup } from './studio/setup/setup.service.js';
import { listeningLine } from './platform/server/listening-line.js';

/** The longest time that the warm-up may delay readiness. */
const WARM_UP_MS = 5_000;

/** Handles a signal. Until there is something to stop, the process just ends, and an embedded database with it. */
let leave = (): Promise<void> => Promise.resolve();

/** Restores the output streams, for the message of a failed start. */
let giveBackOutput = (): void => undefined;

async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  assertNodeIsNewEnough();
  const configured = Config.from(environment);
  const log = createLog(configured);
  Logger.overrideLogger(new NestLog(log));
  giveBackOutput = letOnlyTheLogWrite(log);
  if (cluster.isWorker) return serveInGroup(configured, log);
  leaveOnSignal();
  await assertPortIsFree(configured.port, configured.host);
  const waiting = new WaitingServer(configured.port, configured.host);
  const database = await provideDatabase(configured, () => waiting.open());
  try {
    if (configured.webConcurrency > 1) await openGroup(database, waiting);
    else
      await open(database.config, log, { onListen: () => waiting.close(), onStopped: () => database.stop() });
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Runs `WEB_CONCURRENCY` processes. The primary process logs the addresses and handles the signals. */
async function serveInGroup(config: Config, log: Log): Promise<void> {
  // A terminal signals every process, and the primary process forwards signals that only it received.
  process.on('SIGINT', () => undefined);
  let leaving: Promise<void> | undefined;
  process.on('SIGTERM', () => void (leaving ??= leave()).then(() => process.exit(0)));
  await open(config, log);
  tellReady();
}

async function openGroup(
  { config, stop: stopDatabase }: ProvidedDatabase,
  waiting: WaitingServer,
): Promise<void> {
  await waiting.close();
  const group = new ProcessGroup(config);
  leave = async () => {
    await group.stop();
    await stopDatabase();
  };
  void group.lost.then(async () => {
    new Logger('Inkwell').error('All processes have died and none could be replaced: Inkwell exits');
    await leave();
    process.exit(1);
  });
  try {
    await group.start(({ address, port }) => {
      if (port === config.port || config.port === 0) publishHttpUrl(config.dataDir, httpUrlOf(address, port));
    });
  } catch (error) {
    await group.stop();
    throw error;
  }
}

interface StartHooks {
  /** Called right before the application listens. */
  readonly onListen: () => Promise<void>;
  /** Called when a signal has stopped the application. */
  readonly onStopped: () => Promise<void>;
}

const NOTHING: StartHooks = { onListen: () => Promise.resolve(), onStopped: () => Promise.resolve() };

async function open(found: Config, log: Log, { onListen, onStopped } = NOTHING): Promise<void> {
  const config = found.with({ authSecret: found.authSecret ?? [developmentSecret(found.dataDir)] });
  const app = await createApp(AppModule.forRoot(config), config, log);
  try {
    await onListen();
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
  if (cluster.isWorker && cluster.worker?.id !== 1) return;
  const { port } = new URL(await app.getUrl());
  new Logger('Inkwell').log(`Listens on         ${listeningLine(config.host, Number(port) || config.port)}`);
  announce(address, app.get(MetricsServer).port);
  await announceSetup(app, config, address);
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

/** Tells how to become the administrator of a new blog. Every process prints the same link until it is used. */
async function announceSetup(app: INestApplication, { role }: Config, address: string): Promise<void> {
  const path = role === 'all' ? await app.get(Setup).path() : null;
  if (path !== null) new Logger('Inkwell').log(`Setup              ${address}${path}`);
}

/** The first signal stops without losing a request. The second stops at once. */
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
  giveBackOutput();
  // One line with the reason, for the person who started the process.
  process.stderr.write(`${oneLine(error)}\n`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
