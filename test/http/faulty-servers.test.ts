import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { failureOf, openPool, type Outcome, type TestPool, until } from './pool.js';
import { answerText, type RogueServer, startRogue } from './rogue-server.js';

/** The tolerance of a time limit on a busy machine. */
const GRACE_MS = 10_000;

describe('a call to a server that', () => {
  let pool: TestPool;
  let server: RogueServer;

  beforeEach(() => {
    pool = openPool({ HTTP_TIMEOUT_SECONDS: '1.5' });
  });
  afterEach(async () => {
    await pool.close();
    await server.close();
  });

  const get = (path = '/', config = {}): Promise<Outcome> =>
    failureOf(pool.http.get(`http://localhost:${server.port}${path}`, config));

  async function expectTimeout(behave: (socket: Socket) => void): Promise<void> {
    server = await startRogue(behave);
    const { failure, ms } = await get();
    expect(failure.reason).toBe('timeout');
    expect(failure.message).toBe(`GET localhost:${server.port}: no complete answer in time`);
    expect(ms).toBeGreaterThan(1_400);
    expect(ms).toBeLessThan(1_500 + GRACE_MS);
    await until(() => pool.pool.sockets.states.active === 0);
    expect(pool.pool.sockets.states.idle).toBe(0);
  }

  it('accepts and stays silent ends at the limit', async () => {
    await expectTimeout(() => undefined);
  });

  it('answers one byte a second ends at the limit', async () => {
    await expectTimeout((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 1_000);
      socket.once('close', () => clearInterval(drip));
    });
  });

  it('sends its headers one byte at a time ends at the limit', async () => {
    await expectTimeout((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-A: ');
      const drip = setInterval(() => socket.write('a'), 100);
      socket.once('close', () => clearInterval(drip));
    });
  });

  it('promises more bytes than it sends, and waits, ends at the limit', async () => {
    await expectTimeout((socket) => socket.write(answerText('{}', 100)));
  });

  it('promises more bytes than it sends, and closes, fails at once', async () => {
    server = await startRogue((socket) => socket.end(answerText('{}', 100)));
    const { failure } = await get('/', { attempts: 1 });
    expect(failure.reason).toBe('connection');
    expect(failure.message).toContain('the connection broke before the answer was complete');
  });

  it('sends more bytes than it promised fails', async () => {
    server = await startRogue((socket) => socket.write(answerText('{"status":"success"}', 2)));
    const { failure } = await get('/', { attempts: 1 });
    expect(failure.reason).toBe('malformed');
    expect(failure.message).toContain('the answer is malformed (HPE_INVALID_CONSTANT)');
  });

  it('sends a second answer with the first does not answer the next call by it', async () => {
    server = await startRogue((socket, sent) => {
      if (sent.startsWith('GET /next')) socket.write(answerText('"right"'));
      else socket.write(`${answerText('"first"')}${answerText('"wrong"')}`);
    });
    const url = `http://localhost:${server.port}`;
    expect((await firstValueFrom(pool.http.get<string>(`${url}/first`))).data).toBe('first');
    expect((await firstValueFrom(pool.http.get<string>(`${url}/next`))).data).toBe('right');
  });

  it('sends more bytes than it promised, later, does not answer the next call', async () => {
    server = await startRogue((socket, sent) => {
      if (sent.startsWith('GET /next')) return void socket.write(answerText('"right"'));
      socket.write(answerText('{}'));
      setTimeout(() => socket.write(answerText('"wrong"')), 50);
    });
    const url = `http://localhost:${server.port}`;
    await firstValueFrom(pool.http.get(`${url}/first`));
    await until(() => pool.pool.sockets.states.idle === 0);
    expect((await firstValueFrom(pool.http.get<string>(`${url}/next`))).data).toBe('right');
  });

  it('resets is tried three times with GET and once with POST', async () => {
    server = await startRogue((socket) => socket.resetAndDestroy());
    const { failure } = await get();
    expect(failure.reason).toBe('connection');
    expect(server.connections).toBe(3);
    const post = await failureOf(pool.http.post(`http://localhost:${server.port}/`, { a: 1 }));
    expect(post.failure.reason).toBe('connection');
    expect(server.connections).toBe(4);
  });

  it('fails five times in a row is left alone, and only it', async () => {
    server = await startRogue((socket) => socket.resetAndDestroy());
    for (let call = 0; call < 5; call += 1) await get('/', { attempts: 1 });
    const { failure } = await get();
    expect(failure.reason).toBe('breaker_open');
    expect(server.connections).toBe(5);
    const other = await startRogue((socket) => socket.write(answerText('{}')));
    const answer = await firstValueFrom(pool.http.get(`http://localhost:${other.port}/`));
    expect(answer.status).toBe(200);
    await other.close();
  });

  it('is away for a moment is asked again as its Retry-After says', async () => {
    server = await startRogue((socket) =>
      socket.write(
        server.connections === 1
          ? 'HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 1\r\n\r\n'
          : answerText('{"ok":true}'),
      ),
    );
    const startedAt = performance.now();
    const answer = await firstValueFrom(
      pool.http.get<unknown>(`http://localhost:${server.port}/`, { timeout: GRACE_MS }),
    );
    expect(answer.data).toEqual({ ok: true });
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  it('asks for a longer wait than the call may take fails with its own answer', async () => {
    server = await startRogue((socket) =>
      socket.end('HTTP/1.1 503 Later\r\nContent-Length: 0\r\nRetry-After: 60\r\n\r\n'),
    );
    const { failure, ms } = await get();
    expect(failure.reason).toBe('status');
    expect(failure.answer).toMatchObject({ status: 503 });
    expect(server.connections).toBe(1);
    expect(ms).toBeLessThan(GRACE_MS);
  });

  it('speaks no HTTP fails as malformed, once', async () => {
    server = await startRogue((socket) => socket.end('220 mail.example ESMTP\r\n'));
    expect((await get()).failure.reason).toBe('malformed');
    expect(server.connections).toBe(1);
  });

  it('sends 100 KB of headers fails as malformed', async () => {
    server = await startRogue((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`),
    );
    expect((await get()).failure.reason).toBe('malformed');
  });

  it('says JSON and sends none fails as malformed where JSON was asked for', async () => {
    server = await startRogue((socket) => socket.write(answerText('{"a":')));
    const { failure } = await get('/path?key=s3cret', { responseType: 'json' });
    expect(failure.reason).toBe('malformed');
    expect(failure.message).toBe(`GET localhost:${server.port}: the answer is not JSON`);
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('s3cret');
  });

  it('never stops sending is cut at the greatest size', async () => {
    server = await startRogue((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const more = (): void => {
        while (socket.writable && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    });
    const { failure } = await get('/', { maxContentLength: 1_000_000, timeout: 20_000 });
    expect(failure.reason).toBe('too_large');
  });

  it('sends a little that unpacks to a lot is cut at the greatest size', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    server = await startRogue((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    const { failure } = await get('/', { timeout: 20_000 });
    expect(failure.reason).toBe('too_large');
  });

  it('redirects is not followed', async () => {
    server = await startRogue((socket) =>
      socket.end(
        `HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:${server.port}/in\r\n\r\n`,
      ),
    );
    const { failure } = await get();
    expect(failure.reason).toBe('status');
    expect(failure.answer).toMatchObject({ status: 302 });
    expect(server.connections).toBe(1);
  });

  it('answers 404 fails with its status and answer', async () => {
    server = await startRogue((socket) =>
      socket.write(
        'HTTP/1.1 404 Gone\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"code":1}'.slice(
          0,
          -1,
        ),
      ),
    );
    const { failure } = await get('/', { responseType: 'text' });
    expect(failure.answer).toMatchObject({ status: 404, data: '{"code":1' });
  });

  it('is silent is left when its caller gives up', async () => {
    server = await startRogue(() => undefined);
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 100);
    const { failure, ms } = await get('/', { signal: caller.signal, timeout: 60_000 });
    expect(failure.reason).toBe('cancelled');
    expect(ms).toBeLessThan(GRACE_MS);
  });

  it('fails leaves no credentials in the error', async () => {
    server = await startRogue((socket) => socket.resetAndDestroy());
    const { failure } = await get('/path?key=s3cret', {
      headers: { authorization: 'Bearer s3cret' },
      attempts: 1,
    });
    expect(failure.reason).toBe('connection');
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('s3cret');
  });
});

describe('a call', () => {
  it.each(['ftp://example.org/', 'file:///etc/passwd', 'data:text/plain,hello', '/relative', 'http://'])(
    'to %s is refused',
    async (url) => {
      const pool = openPool();
      const { failure } = await failureOf(pool.http.get(url));
      expect(failure.reason).toBe('invalid');
      await pool.close();
    },
  );

  it('that asks for a stream is refused', async () => {
    const pool = openPool();
    const { failure } = await failureOf(pool.http.get('http://localhost/', { responseType: 'stream' }));
    expect(failure.reason).toBe('invalid');
    await pool.close();
  });
});
