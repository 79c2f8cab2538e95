import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './redis-server.js';

const HOW_TO_GET_IT =
  'The rehearsal of a roll needs HAProxy: put haproxy on PATH (Debian: apt-get install haproxy)';

/** Debian installs it outside of an ordinary user's PATH. */
const PLACES = ['haproxy', '/usr/sbin/haproxy'];
const binary = (): string | undefined =>
  PLACES.find((place) => spawnSync(place, ['-v'], { stdio: 'ignore' }).status === 0);

/** It never retries a request that a server may have seen, so the client notices what a server drops. */
const configuration = (port: number, socket: string, servers: readonly number[]): string => `
global
  stats socket ${socket} mode 600
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout check 2s
  option redispatch 1
  retries 3
  retry-on conn-failure
frontend readers
  bind 127.0.0.1:${port}
  default_backend inkwell
backend inkwell
  balance roundrobin
  option httpchk GET /readyz
  http-check expect status 200
  default-server check inter 200ms fall 1 rise 1
${servers.map((server, index) => `  server replica${index} 127.0.0.1:${server}`).join('\n')}
`;

/** A reverse proxy in front of several servers, which checks their /readyz five times a second. */
export class HaProxy {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * @param servers ports of 127.0.0.1
   * @throws if there is no HAProxy, or if it does not start
   */
  static async before(servers: readonly number[]): Promise<HaProxy> {
    const haproxy = binary();
    if (haproxy === undefined) throw new Error(HOW_TO_GET_IT);
    const folder = mkdtempSync(join(tmpdir(), 'inkwell-haproxy-'));
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configuration(port, join(folder, 'socket'), servers));
    const child = spawn(haproxy, ['-db', '-f', file], { stdio: 'ignore' });
    const proxy = new HaProxy(`http://127.0.0.1:${port}`, child, folder);
    await proxy.until((states) => states.size === servers.length);
    return proxy;
  }

  /**
   * Waits until the proxy sends requests to the server, or stops sending them.
   * @param index of the server in `servers`
   */
  async untilServer(index: number, state: 'UP' | 'DOWN'): Promise<void> {
    await this.until((states) => states.get(`replica${index}`)?.startsWith(state) === true);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    if (this.process.exitCode === null && this.process.kill('SIGKILL')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async until(holds: (states: ReadonlyMap<string, string>) => boolean): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!holds(await this.states().catch(() => new Map<string, string>()))) {
      if (this.process.exitCode !== null) throw new Error('HAProxy has ended');
      if (Date.now() > deadline) throw new Error('HAProxy did not see it within 30 s');
      await sleep(20);
    }
  }

  /** The status of every server, by name: `UP`, `DOWN`, `UP 1/2` … */
  private async states(): Promise<Map<string, string>> {
    const socket = connect(join(this.folder, 'socket'));
    socket.write('show stat\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const rows = Buffer.concat(chunks).toString().split('\n');
    const columns = (rows[0] ?? '').replace('# ', '').split(',');
    const [name, status] = [columns.indexOf('svname'), columns.indexOf('status')];
    return new Map(
      rows
        .map((row) => row.split(','))
        .filter((row) => row[name]?.startsWith('replica'))
        .map((row) => [row[name]!, row[status]!]),
    );
  }
}
