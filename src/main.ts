import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { Config } from './config.js';
import { WarmUp } from './platform/cache/warm-up.js';
import { provideDatabase } from './platform/database/embedded/provide-database.js';
import { Lifecycle } from './platform/lifecycle/lifecycle.js';
import { assertNodeIsNewEnough, assertPortIsFree } from './platform/lifecycle/starting-conditions.js';
import { stop } from './platform/lifecycle/stop.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { developmentSecret } from './platform/secrets/development-secret.js';
import { createApp } from './platform/server/create-app.js';

/** Readiness waits no longer for the answers that are asked for most. */
const WARM_UP_MS = 5_000;

async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  assertNodeIsNewEnough();
  const configured = Config.from(environment);
  await assertPortIsFree(configured.port, configured.host);
  const database = await provideDatabase(configured);
  const config = database.config.with({
    authSecret: configured.authSecret ?? [developmentSecret(configured.dataDir)],
  });
  try {
    const app = await createApp(AppModule.forRoot(config), config);
    await app.listen(config.port, config.host);
    leaveOnSignal(async () => {
      await stop(app, config);
      await database.stop();
    });
    await app.get(WarmUp).run(WARM_UP_MS);
    app.get(Lifecycle).markWarm();
    const logger = new Logger('Inkwell');
    const address =
      config.publicUrl ?? (await app.getUrl()).replace(/\/\/(0\.0\.0\.0|\[::1?\])/, '//localhost');
    logger.log(`Blog               ${address}/blog/`);
    logger.log(`API documentation  ${address}/docs`);
    const metricsPort = app.get(MetricsServer).port;
    logger.log(
      `Metrics            ${metricsPort === undefined ? address : `http://localhost:${metricsPort}`}/metrics`,
    );
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** The first signal stops without losing a request, the second at once. */
function leaveOnSignal(leave: () => Promise<void>): void {
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
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
