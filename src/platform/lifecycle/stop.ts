import { type INestApplication, Logger } from '@nestjs/common';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.js';
import { Lifecycle } from './lifecycle.js';

const IDLE_SWEEP_MS = 50;

/**
 * Stops without losing a request: readiness off → drain → listener closed, idle connections swept → requests in flight
 * end, or are cut at the deadline → pools close (Nest's onApplicationShutdown).
 */
export async function stop(app: INestApplication, config: Config): Promise<void> {
  const logger = new Logger('Lifecycle');
  app.get(Lifecycle).startDraining();
  logger.log(`Stopping: draining for ${config.shutdownDrainSeconds} s`);
  await sleep(config.shutdownDrainSeconds * 1000);
  const server = app.getHttpServer() as Server;
  // A connection that was busy at close() goes idle afterwards, and nothing else would end it.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const deadline = setTimeout(() => {
    logger.warn('The deadline has come: what is still in flight is cut');
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
