import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, InjectMetric } from '../metrics/instruments.js';
import { CUT_CONNECTIONS } from './admission-metrics.js';

/** Twice as long as a request may take to arrive. */
const TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

/** How much has been written to a connection. */
interface Progress {
  readonly written: number;
  readonly queued: number;
  readonly sinceMs: number;
}

/** The field that Node's own timeout uses to tell a slow reader from a client that does not read. */
interface HasHandle {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/**
 * Closes connections whose client does not read: data has been waiting for a while, and nothing was sent. It makes no
 * difference whether such a client keeps sending.
 */
@Injectable()
export class UnreadAnswers implements OnApplicationShutdown {
  private readonly open = new Set<Socket>();
  private readonly waiting = new Map<Socket, Progress>();
  private looking: NodeJS.Timeout | undefined;

  constructor(@InjectMetric(CUT_CONNECTIONS) private readonly cut: Counter) {}

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => {
        this.open.delete(socket);
        this.waiting.delete(socket);
      });
    });
    this.looking = setInterval(() => this.look(performance.now()), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.looking);
  }

  /** @param nowMs on the monotonic clock */
  look(nowMs: number): void {
    for (const socket of this.open) this.lookAt(socket, nowMs);
  }

  private lookAt(socket: Socket, nowMs: number): void {
    if (socket.writableLength === 0) {
      this.waiting.delete(socket);
      return;
    }
    const written = socket.bytesWritten - socket.writableLength;
    const queued = (socket as HasHandle)._handle?.writeQueueSize ?? 0;
    const before = this.waiting.get(socket);
    if (before?.written !== written || before.queued !== queued) {
      this.waiting.set(socket, { written, queued, sinceMs: nowMs });
    } else if (nowMs - before.sinceMs >= TIMEOUT_MS) {
      this.cut.inc({ reason: 'unread' });
      socket.destroy();
    }
  }
}
