import { Logger } from '@nestjs/common';
import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.js';
import { answerScrapesOfProcesses } from '../metrics/scrape.js';
import { shareOf } from './share.js';

const RESTART_DELAY_MS = 1_000;

/** Where a process listens, as the cluster tells it. */
export type OnListening = (address: Address) => void;

/**
 * `WEB_CONCURRENCY` processes that share the port, and this one, which serves nothing: it starts them, replaces those that
 * die, and passes signals on. To each other they are replicas.
 */
export class ProcessGroup {
  private readonly logger = new Logger('Processes');
  private isStopping = false;

  constructor(private readonly config: Config) {}

  /** Resolves when all of them are ready. @throws when one ends before */
  async start(onListening: OnListening): Promise<void> {
    answerScrapesOfProcesses();
    cluster.on('listening', (_, address) => onListening(address));
    await Promise.all(Array.from({ length: this.config.webConcurrency }, () => this.fork()));
    this.logger.log(`${this.config.webConcurrency} processes share the port`);
  }

  private async fork(): Promise<void> {
    const worker = cluster.fork(shareOf(this.config));
    const ended = once(worker, 'exit').then(() => {
      throw new Error('Inkwell cannot start: one of its processes ended');
    });
    await Promise.race([untilReady(worker), ended]);
    ended.catch(() => this.replace(worker));
  }

  private async replace({ process: { pid, exitCode, signalCode } }: Worker): Promise<void> {
    if (this.isStopping) return;
    this.logger.error(
      `Process ${pid} ended (${signalCode ?? `exit code ${exitCode}`}): another takes its place`,
    );
    await sleep(RESTART_DELAY_MS);
    if (!this.isStopping) await this.fork().catch((error: Error) => this.logger.error(error.message));
  }

  /** Each of them stops without losing a request. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(
      workers.map(async (worker) => {
        if (worker.isDead()) return;
        worker.process.kill('SIGTERM');
        await once(worker, 'exit');
      }),
    );
  }
}

async function untilReady(worker: Worker): Promise<void> {
  for (;;) if ((await once(worker, 'message'))[0] === READY) return;
}

const READY = 'ready';

/** For a process of a group: it is warm. */
export const tellReady = (): void => void process.send?.(READY);
