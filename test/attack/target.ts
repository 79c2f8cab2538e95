import { connect, type Socket } from 'node:net';

/** An account that logged in before the attacks. All accounts have the same password. */
export interface Account {
  readonly username: string;
  readonly token: string;
}

/** The address of readers. Attackers use others, so that a limit by address does not affect both. */
export const READER_ADDRESS = '127.0.0.1';
const ATTACKER_ADDRESS = '127.0.66.1';

export interface Answer {
  /** 0 if the connection was cut, or if there was no answer in time. */
  readonly status: number;
  readonly ms: number;
  /** Status line and headers. */
  readonly head: string;
  readonly body: string;
}

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** One of 127.0.0.0/8. Default: the attacker's. */
  readonly from?: string;
}

const HTTP_STATUS = /^HTTP\/1\.1 (\d{3}) /;

/** The server under attack, as an attacker sees it. */
export class Target {
  constructor(
    readonly port: number,
    /** Authors, whose tokens are valid until the end of the attacks. */
    readonly accounts: readonly Account[],
    /** An account that does not attack. */
    readonly others: readonly Account[],
    readonly signal: AbortSignal,
  ) {}

  /** A raw connection whose errors are ignored. It is cut when the attack is over. */
  connect(from: string = ATTACKER_ADDRESS): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => undefined);
    const cut = (): void => void socket.destroy();
    this.signal.addEventListener('abort', cut, { once: true });
    socket.once('close', () => this.signal.removeEventListener('abort', cut));
    return socket;
  }

  /** One request on a new connection. Never rejects. */
  send({ method = 'GET', path, headers = {}, body, from }: Sent): Promise<Answer> {
    const startedAt = performance.now();
    const lines = Object.entries({
      host: 'localhost',
      connection: 'close',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = this.connect(from);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    if (body !== undefined) socket.write(body);
    return answerOn(socket, startedAt);
  }
}

/** Reads until the connection ends. */
function answerOn(socket: Socket, startedAt: number): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const status = Number(HTTP_STATUS.exec(text)?.[1] ?? 0);
      const end = text.indexOf('\r\n\r\n');
      const [head, body] = [text.slice(0, end), text.slice(end + 4)];
      resolve({ status, ms: performance.now() - startedAt, head, body });
    });
  });
}

/** `200 × 12, 503 × 3`. */
export function tallyOf(answers: readonly Pick<Answer, 'status'>[]): string {
  const counts = new Map<string, number>();
  for (const { status } of answers) {
    const name = status === 0 ? 'cut' : String(status);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, n]) => `${name} × ${n}`).join(', ') || 'no answer';
}
