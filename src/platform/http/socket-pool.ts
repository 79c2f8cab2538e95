import type { Socket } from 'node:net';

export interface SocketLimits {
  readonly maxSockets: number;
  readonly maxSocketsPerHost: number;
}

/**
 * Counts the connections of all agents together. Agents hold their idle ones against each other: with a limit of their
 * own, a call to a new host would wait until an idle connection to another times out. Here it is closed instead.
 */
export class SocketPool {
  /** Connections opened since the start. */
  created = 0;
  private readonly hosts = new Map<Socket, string>();
  /** Longest idle first. */
  private readonly idle = new Set<Socket>();

  constructor(private readonly limits: SocketLimits) {}

  get states(): { active: number; idle: number } {
    return { active: this.hosts.size - this.idle.size, idle: this.idle.size };
  }

  /** Closes an idle connection where a new one to `host` would be one too many. */
  makeRoom(host: string): void {
    const toHost = [...this.hosts.values()].filter((other) => other === host).length;
    if (toHost >= this.limits.maxSocketsPerHost)
      this.closeOldest((socket) => this.hosts.get(socket) === host);
    if (this.hosts.size >= this.limits.maxSockets) this.closeOldest(() => true);
  }

  add(socket: Socket, host: string): void {
    this.created += 1;
    this.hosts.set(socket, host);
    socket.once('close', () => this.forget(socket));
  }

  rest(socket: Socket): void {
    this.idle.add(socket);
  }

  wake(socket: Socket): void {
    this.idle.delete(socket);
  }

  closeAll(): void {
    for (const socket of this.hosts.keys()) socket.destroy();
  }

  private closeOldest(matches: (socket: Socket) => boolean): void {
    for (const socket of this.idle) {
      if (!matches(socket)) continue;
      this.forget(socket);
      socket.destroy();
      return;
    }
  }

  private forget(socket: Socket): void {
    this.hosts.delete(socket);
    this.idle.delete(socket);
  }
}
