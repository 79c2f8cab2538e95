import type { Socket } from 'node:net';
import type { Condition } from './link.js';

interface Delayed {
  readonly chunk: Buffer;
  readonly dueMs: number;
}

/** One direction of a connection: forwards what arrives, late if need be, but always in order. */
class Direction {
  private readonly waiting: Delayed[] = [];
  private timer: NodeJS.Timeout | undefined;
  delayMs = 0;

  constructor(
    readonly from: Socket,
    readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => this.forward(chunk));
  }

  forward(chunk: Buffer): void {
    if (this.delayMs === 0 && this.waiting.length === 0) return void this.to.write(chunk);
    this.waiting.push({ chunk, dueMs: performance.now() + this.delayMs });
    this.timer ??= setTimeout(() => this.drain(), this.delayMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting.length = 0;
  }

  private drain(): void {
    this.timer = undefined;
    const nowMs = performance.now();
    while (this.waiting[0] !== undefined && this.waiting[0].dueMs <= nowMs)
      this.to.write(this.waiting.shift()!.chunk);
    if (this.waiting[0] !== undefined)
      this.timer = setTimeout(() => this.drain(), this.waiting[0].dueMs - nowMs);
  }
}

/**
 * Node 24 loses a socket that is reset during its shutdown: it is never closed, and the process spins for ever when it
 * ends.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** One connection through a link. */
export class Wire {
  private readonly requests: Direction;
  private readonly replies: Direction;
  private conditions: readonly Condition[] = [];

  constructor(
    readonly kind: string,
    private readonly client: Socket,
    private readonly server: Socket,
  ) {
    // Called before the matching bytes are forwarded.
    client.on('data', (chunk: Buffer) => this.stallReplies(chunk));
    this.requests = new Direction(client, server);
    this.replies = new Direction(server, client);
    server.on('error', () => undefined);
    client.on('close', () => this.drop(server));
    server.on('close', () => this.drop(client));
  }

  forward(first: Buffer): void {
    this.requests.forward(first);
  }

  onEnd(react: () => void): void {
    this.client.on('close', react);
  }

  setCondition(conditions: readonly Condition[]): void {
    this.conditions = conditions;
    const isStalled = (way: 'requests' | 'replies'): boolean =>
      conditions.some(({ stalled }) => stalled === 'both ways' || stalled === way);
    if (isStalled('requests')) this.client.pause();
    else this.client.resume();
    if (isStalled('replies')) this.server.pause();
    else this.server.resume();
    const delayMs = Math.max(0, ...conditions.map((condition) => condition.delayMs ?? 0));
    this.requests.delayMs = delayMs;
    this.replies.delayMs = delayMs;
  }

  reset(): void {
    this.stop();
    reset(this.client);
    reset(this.server);
  }

  loseFarEnd(): void {
    this.stop();
    this.server.removeAllListeners('close');
    this.server.destroy();
  }

  private stallReplies(chunk: Buffer): void {
    if (this.conditions.some(({ stalledFrom }) => stalledFrom !== undefined && chunk.includes(stalledFrom)))
      this.server.pause();
  }

  private drop(other: Socket): void {
    this.stop();
    other.destroy();
  }

  private stop(): void {
    this.requests.stop();
    this.replies.stop();
  }
}
