import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { Config } from './config.js';
import { WarmUp } from './platform/cache/warm-up.js';
import { provideDatabase } from './platform/database/embedded/provide-database.js';
import { oneLine } from './platform/errors/one-line.js';
import { Lifecycle } from './platform/lifecycle/lifecycle.js';
import { assertNodeIsNewEnough, assertPortIsFree } from './platform/lifecycle/starting-conditions.js';
import { stop } from './platform/lifecycle/stop.js';
import { createLog, type Log } from './platform/logs/log.js';
import { NestLog } from './platform/logs/nest-log.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { developmentSecret } from './platform/secrets/development-secret.js';
import { createApp } from './platform/server/create-app.js';

/** Readiness waits no longer for the answers that are asked for most. */
const WARM_UP_MS = 5_000;

/** What a signal does. Before there is anything to stop the process just ends, and with it an embedded database. */
let leave = (): Promise<void> => Promise.resolve();

async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  leaveOnSignal();
  assertNodeIsNewEnough();
  const configured = Config.from(environment);
  const log = createLog(configured);
  Logger.overrideLogger(new NestLog(log));
  await assertPortIsFree(configured.port, configured.host);
  const database = await provideDatabase(configured);
  try {
    await open(database.config, log, () => database.stop());
  } catch (error) {
    await database.stop();
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
  announce(address, app.get(MetricsServer).port);
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
