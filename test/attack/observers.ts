import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** The results of one second of the wall clock. */
export interface ObservedSecond {
  /** Seconds since the epoch. */
  readonly second: number;
  /** Milliseconds of each answer that was requested in this second. */
  readonly ms: readonly number[];
  /** The failed requests, with their reasons. */
  readonly failures: readonly string[];
}

export interface Observed {
  /** The failures as well. */
  readonly hits: readonly ObservedSecond[];
  /** Called after a change, or when the time limit of an answer has passed. */
  readonly misses: readonly ObservedSecond[];
  /** The echo times of an idle process, which show the delay of the machine itself. */
  readonly echoes: readonly ObservedSecond[];
}

/**
 * A reader and an idle process, each a process of its own, so that the attacker's load on its own event loop does not
 * count.
 */
export class Observers {
  private constructor(
    private readonly reader: ChildProcess,
    private readonly idle: ChildProcess,
  ) {}

  /**
   * @param port of the server
   * @param paths to read
   */
  static async start(port: number, paths: readonly string[]): Promise<Observers> {
    const { child: idle, firstMessage } = await started('idle');
    const { port: idlePort } = firstMessage as { port: number };
    const { child: reader } = await started('reader', [String(port), String(idlePort), ...paths]);
    return new Observers(reader, idle);
  }

  /** @returns the results since the last call, once all pending answers have arrived or failed */
  async report(): Promise<Observed> {
    const answer = once(this.reader, 'message');
    this.reader.send('report');
    return ((await answer) as [Observed])[0];
  }

  async stop(): Promise<void> {
    const ended = [this.reader, this.idle].map((child) => once(child, 'exit'));
    this.reader.kill('SIGKILL');
    this.idle.kill('SIGKILL');
    await Promise.all(ended);
  }
}

/** @param script next to this file; it sends a message once it is ready */
async function started(
  script: string,
  args: readonly string[] = [],
): Promise<{ readonly child: ChildProcess; readonly firstMessage: unknown }> {
  const child = fork(new URL(`./${script}.js`, import.meta.url), args);
  const [firstMessage] = (await once(child, 'message')) as [unknown];
  return { child, firstMessage };
}
