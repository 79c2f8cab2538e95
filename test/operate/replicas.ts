import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/redis-server.js';
import { ServerProcess } from '../support/server-process.js';

export interface Exit {
  readonly code: number | null;
  readonly ms: number;
}

type Environment = Readonly<Record<string, string>>;

/** Several processes of the application as shipped, in production mode, on one database. */
export class Replicas {
  private constructor(
    private readonly environment: Environment,
    readonly ports: readonly number[],
    private readonly processes: ServerProcess[],
  ) {}

  /** @param environment common to all: at least the addresses of PostgreSQL and Redis */
  static async start(count: number, environment: Environment): Promise<Replicas> {
    const ports = [];
    for (let index = 0; index < count; index += 1) ports.push(await freePort());
    const shared = {
      NODE_ENV: 'production',
      AUTH_SECRET: randomBytes(32).toString('hex'),
      DATABASE_POOL_MIN: '2',
      DATABASE_POOL_MAX: '10',
      ...environment,
    };
    const replicas = new Replicas(shared, ports, []);
    await Promise.all(ports.map((_, index) => replicas.launch(index)));
    return replicas;
  }

  url(index: number): string {
    return `http://127.0.0.1:${this.ports[index]}`;
  }

  /** The output of all processes. */
  get output(): string {
    return this.processes.map(({ output }) => output).join('\n');
  }

  /** Starts it, again if it has ended, and waits until it is ready. @returns how long that took */
  async launch(index: number): Promise<number> {
    const startedAt = performance.now();
    const process = ServerProcess.start({ ...this.environment, PORT: String(this.ports[index]) });
    this.processes[index] = process;
    await process.address();
    while ((await fetch(`${this.url(index)}/readyz`)).status !== 200) await sleep(10);
    return performance.now() - startedAt;
  }

  /** @returns how it ended, and the time since the signal */
  async terminate(index: number): Promise<Exit> {
    const signalledAt = performance.now();
    this.processes[index]!.signal('SIGTERM');
    return { code: await this.processes[index]!.ended(), ms: performance.now() - signalledAt };
  }

  async kill(): Promise<void> {
    for (const process of this.processes) process.signal('SIGKILL');
    await Promise.all(this.processes.map((process) => process.ended()));
  }
}
