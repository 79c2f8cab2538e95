import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: {
    readonly id: string;
    readonly type: string;
    readonly created_at: string;
    readonly data: Data;
  };
  /** The status of the answer; undefined if there was none. */
  readonly status: number | undefined;
}

interface Data {
  readonly post?: { readonly id: number; readonly title: string; readonly version: number };
  readonly user?: { readonly id: number; readonly username: string };
}

/** A status, or anything else that a test does with the response. */
type Reply = number | ((response: ServerResponse) => void);

/** A receiver of webhooks. */
export class Receiver {
  readonly received: Received[] = [];
  /** How the next one is answered. */
  reply: (received: Omit<Received, 'status'>) => Reply = () => 204;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.take(request.headers, Buffer.concat(chunks).toString(), response));
    });
  }

  static async start(): Promise<Receiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The deliveries that it accepted. */
  get accepted(): Received[] {
    return this.received.filter(({ status }) => status !== undefined && status >= 200 && status < 300);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private take(headers: IncomingHttpHeaders, text: string, response: ServerResponse): void {
    const given = { headers, text, body: JSON.parse(text) as Received['body'] };
    const reply = this.reply(given);
    this.received.push({ ...given, status: typeof reply === 'number' ? reply : undefined });
    if (typeof reply === 'number') response.writeHead(reply).end();
    else reply(response);
  }
}

/** Waits until the condition is true. @throws an error with the actual state after a timeout */
export async function until<T>(
  read: () => T | Promise<T>,
  isSo: (value: T) => boolean,
  ms = 60_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still: ${JSON.stringify(value)?.slice(0, 2_000)}`);
    await sleep(20);
  }
}
