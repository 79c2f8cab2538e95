import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type WorkLoop, WorkLoops } from '../../platform/outbox/work-loops.js';
import { ImportQueue } from './import-queue.queries.js';
import { ImportRun, ServerStops } from './import-run.service.js';

/** Also how soon a process notices that another one died, after the lease has ended. */
const INTERVAL_MS = 1_000;

/** Performs queued imports. Any number of processes take turns. */
@Injectable()
export class ImportWorker implements BeforeApplicationShutdown {
  private readonly loop: WorkLoop;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly queue: ImportQueue,
    private readonly run: ImportRun,
    loops: WorkLoops,
  ) {
    this.loop = loops.add({ name: 'Imports', intervalMs: INTERVAL_MS, work: () => this.startNext() });
  }

  /** Call this when there is something to import. */
  wake(): void {
    this.loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new ServerStops());
    await this.loop.stop();
    await this.running;
  }

  /** An import takes long, so the loop does not wait for it. */
  private async startNext(): Promise<boolean> {
    if (this.running !== undefined || this.stopping.signal.aborted) return false;
    const job = await this.queue.claim();
    if (job === undefined) return false;
    this.running = this.run.perform(job, this.stopping.signal).finally(() => {
      this.running = undefined;
      this.wake();
    });
    return false;
  }
}
