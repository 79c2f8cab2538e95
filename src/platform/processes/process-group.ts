import { Logger } from '@nestjs/common';
import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.js';
import { answerScrapesOfProcesses } from '../metrics/scrape.js';
import { shareOf } from './share.js';

const FIRST_DELAY_MS = 1_000;
const GREATEST_DELAY_MS = 30_000;
/**
 * The number of failed replacements after which the group gives up if no process is left. A supervisor may do better.
 */
const MAX_FAILURES_ALONE = 3;

/** Called with the address that a process listens on, as the cluster reports it. */
export type OnListening = (address: Address) => void;

/**
 * `WEB_CONCURRENCY` processes that share the port, and this primary process, which serves no requests: it starts them,
 * replaces those that die, and forwards signals. Each process is a replica.
 */
export class ProcessGroup {
  private readonly logger = new Logger('Processes');
  private readonly ready = new Set<Worker>();
  private isStopping = false;
  /** Replacements in a row that ended before they were ready. */
  private failures = 0;
  private readonly loss = Promise.withResolvers<void>();

  constructor(private readonly config: Config) {}

  /** Resolves when all processes have died and cannot be replaced, so that nothing is served. */
  get lost(): Promise<void> {
    return this.loss.promise;
  }

  /** Resolves when all processes are ready. @throws if one ends before it is ready */
  async start(onListening: OnListening): Promise<void> {
    answerScrapesOfProcesses();
    cluster.on('listening', (_, address) => onListening(address));
    await Promise.all(Array.from({ length: this.config.webConcurrency }, () => this.fork()));
    this.logger.log(`${this.config.webConcurrency} processes share the port`);
  }

  private async fork(): Promise<void> {
    const worker = cluster.fork(shareOf(this.config));
    const ended = once(worker, 'exit').then(() => {
      this.ready.delete(worker);
      throw new Error('Inkwell cannot start: one of its processes ended');
    });
    await Promise.race([untilReady(worker), ended]);
    this.ready.add(worker);
    ended.catch(() => this.replace(worker));
  }

  /** Retries until it succeeds, with increasing pauses. */
  private async replace({ process: { pid, exitCode, signalCode } }: Worker): Promise<void> {
    if (this.isStopping) return;
    this.logger.error(`Process ${pid} ended (${signalCode ?? `exit code ${exitCode}`}): starting another`);
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, GREATEST_DELAY_MS)) {
      await sleep(delayMs);
      if (this.isStopping || (await this.hasReplaced())) return;
    }
  }

  /** @returns true also if there is nothing left to do */
  private async hasReplaced(): Promise<boolean> {
    try {
      await this.fork();
      this.failures = 0;
      return true;
    } catch {
      if (this.isStopping) return true;
      this.failures += 1;
      this.logger.error('A replacement process ended before it was ready');
      if (this.ready.size > 0 || this.failures < MAX_FAILURES_ALONE) return false;
      this.loss.resolve();
      return true;
    }
  }

  /** Each process stops without losing a request. */
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

/** Tells the primary process that this process is warm. */
export const tellReady = (): void => void process.send?.(READY);
