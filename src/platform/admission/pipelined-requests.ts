import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, InjectMetric } from '../metrics/instruments.js';
import { CUT_CONNECTIONS } from './admission-metrics.js';

/** The limit of pipelined requests per connection. Each takes a few KiB of memory. */
const MAX_OF_CONNECTION = 64;
const MAX_IN_ALL = 4_000;
/** The limit of queued requests. With more, the event loop would parse for too long at a time. */
const MAX_QUEUED = 500;
/** The time per turn of the event loop for the queue. A turn accepts one new connection, so it must be short. */
const TURN_MS = 0.5;
/** The minimum number of requests per turn, so that the queue shrinks on a slow machine too. */
const LEAST_IN_A_TURN = 7;
/** If `onIncoming` returns this, Node's parser stops, as it does for an upgrade to another protocol. */
const STOP = 2;

interface Pipelined {
  count: number;
  isClosed: boolean;
}

interface Waiting {
  readonly of: Pipelined;
  readonly work: () => void;
}

/** The callback that Node runs for each parsed request. */
interface HasParser {
  readonly parser?: { onIncoming?: () => number } | null;
}

/**
 * Queues requests that arrive before the last one on their connection was answered. Node passes on all requests of a
 * chunk at once, which may be a thousand, so they are answered a few at a time. A connection that sends too many is
 * closed.
 */
@Injectable()
export class PipelinedRequests {
  private readonly bySocket = new WeakMap<Socket, Pipelined>();
  /** Oldest first. */
  private readonly queue: Waiting[] = [];
  private count = 0;

  constructor(@InjectMetric(CUT_CONNECTIONS) private readonly cut: Counter) {}

  /** @param work answers the request */
  wait({ socket }: IncomingMessage, response: ServerResponse, work: () => void): void {
    if (socket.destroyed) return;
    const of = this.ofSocket(socket);
    const isFull = this.count >= MAX_IN_ALL || this.queue.length >= MAX_QUEUED;
    if (isFull || of.count === MAX_OF_CONNECTION) return this.cutOff(socket);
    this.change(of, 1);
    response.once('close', () => of.isClosed || this.change(of, -1));
    if (this.queue.push({ of, work }) === 1) setImmediate(() => this.takeTurn());
  }

  private takeTurn(): void {
    const until = performance.now() + TURN_MS;
    for (let n = 0; n < LEAST_IN_A_TURN || performance.now() < until; n += 1) {
      const next = this.queue.shift();
      if (next === undefined) return;
      if (!next.of.isClosed) next.work();
    }
    if (this.queue.length > 0) setImmediate(() => this.takeTurn());
  }

  private cutOff(socket: Socket): void {
    this.cut.inc({ reason: 'pipelined' });
    socket.destroy();
    // Otherwise Node would parse the rest of the chunk, which takes longer than answering the requests did.
    const { parser } = socket as HasParser;
    if (parser) parser.onIncoming = () => STOP;
  }

  private ofSocket(socket: Socket): Pipelined {
    let of = this.bySocket.get(socket);
    if (of !== undefined) return of;
    of = { count: 0, isClosed: false };
    this.bySocket.set(socket, of);
    socket.once('close', () => this.close(of));
    return of;
  }

  /** Node never closes an answer that still waits to be written. */
  private close(of: Pipelined): void {
    of.isClosed = true;
    this.count -= of.count;
  }

  private change(of: Pipelined, by: 1 | -1): void {
    of.count += by;
    this.count += by;
  }
}
