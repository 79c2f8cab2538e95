import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Memory {
  readonly rss: number;
  /** Heap and external memory, such as buffers, after garbage collection. */
  readonly held: number;
}

/** A process that reports its memory while it runs. */
export class MeasuredProcess {
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  static start(script: string, environment: Readonly<Record<string, string>> = {}): MeasuredProcess {
    const { PATH, HOME } = process.env;
    const flags = ['--expose-gc', '--import', './test/cache/report-memory.js'];
    return new MeasuredProcess(
      spawn(process.execPath, [...flags, script], {
        env: { PATH, HOME, NODE_ENV: 'test', ...environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }),
    );
  }

  /**
   * @returns the first match in the output of the process, once there is one
   * @throws if it ends before
   */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`Ended without printing ${String(pattern)}: ${this.output}`);
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'close')]);
    }
  }

  async memory(): Promise<Memory> {
    this.child.send('memory?');
    const [memory] = (await once(this.child, 'message')) as [Memory];
    return memory;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await closed;
  }
}
