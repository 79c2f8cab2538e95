import { afterEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { closeAll, onConnection, open, serve, text } from './local-servers.js';
import { failureOf } from './pool.js';

afterEach(() => closeAll());

describe('a call to public addresses only', () => {
  const isPublic = (address: string): boolean => address === '127.0.0.2';
  const PUBLIC = { address: '127.0.0.2', family: 4 };
  const PRIVATE = { address: '127.0.0.1', family: 4 };

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0'])(
    'refuses http://%s without connecting',
    async (host) => {
      let connections = 0;
      const port = await serve((_request, response) => response.end());
      onConnection(() => (connections += 1));
      const { failure } = await failureOf(open().http.get(`http://${host}:${port}/`, { publicOnly: true }));
      expect(failure.reason).toBe('address_refused');
      expect(connections).toBe(0);
    },
  );

  it('refuses a name for a private address without connecting', async () => {
    let connections = 0;
    const port = await serve((_request, response) => response.end());
    onConnection(() => (connections += 1));
    const pool = open({}, { isPublic });
    const { failure } = await failureOf(
      pool.http.get(`http://inside.example:${port}/`, { publicOnly: true }),
    );
    expect(failure.reason).toBe('address_refused');
    expect(failure.message).toBe(
      `GET inside.example:${port}: inside.example is not an address of the public Internet`,
    );
    expect(connections).toBe(0);
  });

  it('connects to the public one of a name’s addresses', async () => {
    const port = await serve((_request, response) => response.end('outside'), '127.0.0.2');
    await serve((_request, response) => response.end('inside'), '127.0.0.1', port);
    const pool = open({}, { isPublic, resolve: () => Promise.resolve([PRIVATE, PUBLIC]) });
    const answer = await firstValueFrom(pool.http.get(`http://both.example:${port}/`, { publicOnly: true }));
    expect(answer.data).toBe('outside');
  });

  it('does not use a connection that another call has opened to a private address', async () => {
    const port = await serve((_request, response) => response.end('inside'));
    const pool = open({}, { isPublic });
    const url = `http://inside.example:${port}/`;
    expect(await text(pool, url)).toBe('inside');
    const { failure } = await failureOf(pool.http.get(url, { publicOnly: true }));
    expect(failure.reason).toBe('address_refused');
  });

  it('checks each redirect that it follows', async () => {
    let connections = 0;
    const inside = await serve((_request, response) => response.end('inside'));
    onConnection(() => (connections += 1));
    const target = { location: `http://127.0.0.1:${inside}/` };
    const port = await serve((_request, response) => response.writeHead(302, target).end(), '127.0.0.2');
    const pool = open({}, { isPublic, resolve: () => Promise.resolve([PUBLIC]) });
    const call = pool.http.get(`http://outside.example:${port}/`, { publicOnly: true, maxRedirects: 5 });
    expect((await failureOf(call)).failure.reason).toBe('address_refused');
    expect(connections).toBe(0);
  });

  it('asks a name that changes its mind once: what was checked is what is connected to', async () => {
    let asked = 0;
    const port = await serve((_request, response) => response.end('outside'), '127.0.0.2');
    const pool = open(
      { HTTP_DNS_TTL_SECONDS: '0' },
      { isPublic, resolve: () => Promise.resolve([(asked += 1) === 1 ? PUBLIC : PRIVATE]) },
    );
    const url = `http://rebinds.example:${port}/`;
    const answer = await firstValueFrom(pool.http.get(url, { publicOnly: true }));
    expect(answer.data).toBe('outside');
    expect(asked).toBe(1);
    const { failure } = await failureOf(pool.http.get(url, { publicOnly: true }));
    expect(failure.reason).toBe('address_refused');
  });
});
