import type { Socket } from 'node:net';

export interface SocketLimits {
  readonly maxSockets: number;
  readonly maxSocketsPerHost: number;
}

interface SocketPoolOptions extends SocketLimits {
  /** The age from which a connection takes no new call, because the name may have another address by then. */
  readonly maxAgeMs: number;
  readonly now: () => number;
}

interface OpenSocket {
  readonly host: string;
  readonly atMs: number;
}

/**
 * Counts the connections of all agents together. Agents do not share their idle connections: with limits per agent, a
 * call to a new host would wait until an idle connection to another host times out. Here, the idle connection is closed
 * instead.
 */
export class SocketPool {
  /** Connections opened since the start. */
  created = 0;
  /** Oldest first. */
  private readonly open = new Map<Socket, OpenSocket>();
  /** Longest idle first. */
  private readonly idle = new Set<Socket>();

  constructor(private readonly options: SocketPoolOptions) {}

  get states(): { active: number; idle: number } {
    return { active: this.open.size - this.idle.size, idle: this.idle.size };
  }

  /** Closes an idle connection if a new one to `host` would exceed a limit. */
  makeRoom(host: string): void {
    const toHost = [...this.open.values()].filter((opened) => opened.host === host).length;
    if (toHost >= this.options.maxSocketsPerHost)
      this.closeOldest((socket) => this.open.get(socket)?.host === host);
    if (this.open.size >= this.options.maxSockets) this.closeOldest(() => true);
  }

  add(socket: Socket, host: string): void {
    this.created += 1;
    this.open.set(socket, { host, atMs: this.options.now() });
    socket.once('close', () => this.forget(socket));
  }

  /** @returns false if the connection is too old for another call */
  rest(socket: Socket): boolean {
    const opened = this.open.get(socket);
    if (opened === undefined || this.isTooOld(opened)) return false;
    this.idle.add(socket);
    return true;
  }

  wake(socket: Socket): void {
    this.idle.delete(socket);
  }

  /** Closes idle connections that are too old. Call it before a call looks for a connection. */
  closeOld(): void {
    for (const [socket, opened] of this.open) {
      if (!this.isTooOld(opened)) return;
      if (this.idle.has(socket)) this.close(socket);
    }
  }

  closeAll(): void {
    for (const socket of this.open.keys()) this.close(socket);
  }

  private isTooOld({ atMs }: OpenSocket): boolean {
    return this.options.now() - atMs >= this.options.maxAgeMs;
  }

  private closeOldest(matches: (socket: Socket) => boolean): void {
    const oldest = [...this.idle].find(matches);
    if (oldest !== undefined) this.close(oldest);
  }

  private close(socket: Socket): void {
    this.forget(socket);
    socket.destroy();
  }

  private forget(socket: Socket): void {
    this.open.delete(socket);
    this.idle.delete(socket);
  }
}
