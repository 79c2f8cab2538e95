import type { Answer } from './answer-parser.js';
import { Connection } from './connection.js';

const SWEEP_INTERVAL_MS = 250;

/**
 * Sends requests to one server over keep-alive connections, and opens another if all are busy. So a request is sent at
 * once, whether or not earlier ones have been answered.
 */
export class Client {
  private readonly idle: Connection[] = [];
  private readonly open = new Set<Connection>();
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    private readonly port: number,
    deadlineMs: number,
  ) {
    this.sweeper = setInterval(() => {
      const latestMs = performance.now() - deadlineMs;
      for (const connection of this.open) connection.endIfWaitingSince(latestMs);
    }, SWEEP_INTERVAL_MS).unref();
  }

  get busy(): number {
    return this.open.size - this.idle.length;
  }

  /** @param request the whole text of an HTTP/1.1 request @throws ConnectionLost, AnswerOverdue */
  async ask(request: string): Promise<Answer> {
    const connection = this.idle.pop() ?? this.connect();
    const answer = await connection.ask(request);
    if (this.open.has(connection)) this.idle.push(connection);
    return answer;
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const connection of this.open) connection.end();
  }

  private connect(): Connection {
    const connection = new Connection(this.port, (ended) => this.forget(ended));
    this.open.add(connection);
    return connection;
  }

  private forget(connection: Connection): void {
    this.open.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
  }
}
