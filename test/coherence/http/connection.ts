import { connect, type Socket } from 'node:net';
import { type Answer, AnswerParser } from './answer-parser.js';

/** The connection ended before the answer was complete. */
export class ConnectionLost extends Error {}
/** There was no answer before the deadline: something hangs. */
export class AnswerOverdue extends Error {}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly sinceMs: number;
}

/** One keep-alive connection to a server, with one request at a time. */
export class Connection {
  private readonly socket: Socket;
  private readonly parser = new AnswerParser();
  private waiting: Waiting | undefined;

  constructor(port: number, onEnd: (connection: Connection) => void) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => this.receive(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      onEnd(this);
      this.fail(new ConnectionLost('The connection was lost'));
    });
  }

  /** @throws ConnectionLost, AnswerOverdue */
  ask(request: string): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.waiting = { resolve, reject, sinceMs: performance.now() };
    this.socket.write(request, 'latin1');
    return promise;
  }

  endIfWaitingSince(ms: number): void {
    if (this.waiting === undefined || this.waiting.sinceMs > ms) return;
    this.fail(new AnswerOverdue('No answer in time'));
    this.socket.destroy();
  }

  end(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const answer = this.parser.push(chunk);
    if (answer === undefined) return;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}
