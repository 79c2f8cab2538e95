import { type INestApplication, Logger } from '@nestjs/common';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.js';
import { Lifecycle } from './lifecycle.js';

const IDLE_SWEEP_MS = 50;

/**
 * Stops without losing a request: turns readiness off, drains, closes the listener, closes idle connections, waits for
 * requests in flight or ends them at the deadline, and closes the pools (Nest's onApplicationShutdown).
 */
export async function stop(app: INestApplication, config: Config): Promise<void> {
  const logger = new Logger('Lifecycle');
  app.get(Lifecycle).startDraining();
  logger.log(`Stopping: draining for ${config.shutdownDrainSeconds} s`);
  await sleep(config.shutdownDrainSeconds * 1000);
  const server = app.getHttpServer() as Server;
  // A connection that was busy at close() becomes idle later, and nothing else would close it.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const deadline = setTimeout(() => {
    logger.warn('The shutdown deadline has passed: closing the connections of requests in flight');
    server.closeAllConnections();
  }, config.shutdownDeadlineSeconds * 1000);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(deadline);
  }
  logger.log('Stopped');
}
