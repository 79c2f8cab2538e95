import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Overrun } from './overrun.js';

const output = new Logger('Output');
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

/** Too deep a recursion and too long a string both throw a RangeError. */
const isOverrun = (error: Error): boolean =>
  error.name === 'RangeError' || (error as NodeJS.ErrnoException).code === OUT_OF_MEMORY;

/** A worker thread that runs one job at a time. It only keeps the process alive while it works. */
export class Thread<Job, Result> {
  private readonly worker: Worker;
  private readonly ready: Promise<unknown>;
  /** True once the thread can run no more jobs. */
  hasEnded = false;

  constructor(script: URL, maxHeapMb: number) {
    this.worker = new Worker(script, {
      // The thread needs no secrets from the environment.
      env: {},
      ...{ stdout: true, stderr: true },
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 4 },
    });
    // Logs what dependencies print in the thread, as in the main thread (platform/logs/only-the-log-writes.ts).
    this.worker.stdout.on('data', (chunk: Buffer) => output.debug(chunk.toString().trimEnd()));
    this.worker.stderr.on('data', (chunk: Buffer) => output.warn(chunk.toString().trimEnd()));
    const ended = new Promise<never>((_, reject) => {
      this.worker.on('exit', () => {
        this.hasEnded = true;
        reject(new Overrun('The thread ended'));
      });
    });
    // Between two jobs, nobody awaits an error.
    this.worker.on('error', () => (this.hasEnded = true));
    this.ready = Promise.race([once(this.worker, 'message'), ended]);
    this.ready.catch(() => undefined);
    this.worker.unref();
  }

  /** @param deadlineMs counted from when the script is loaded @throws Overrun, or the error that the script threw */
  async perform(job: Job, deadlineMs: number): Promise<Result> {
    this.worker.ref();
    try {
      await this.ready;
      return await this.answer(job, deadlineMs);
    } catch (error) {
      await this.end();
      throw isOverrun(error as Error) ? new Overrun((error as Error).message, error) : error;
    } finally {
      this.worker.unref();
    }
  }

  private answer(job: Job, deadlineMs: number): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const onExit = (): void => reject(new Overrun('The thread ended'));
    const deadline = setTimeout(() => reject(new Overrun(`More than ${deadlineMs} ms`)), deadlineMs);
    this.worker.once('message', resolve).once('error', reject).once('exit', onExit);
    this.worker.postMessage(job);
    return promise.finally(() => {
      clearTimeout(deadline);
      this.worker.off('message', resolve).off('error', reject).off('exit', onExit);
    });
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await this.worker.terminate();
  }
}
