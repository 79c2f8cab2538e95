import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { openPool, type TestPool } from './pool.js';

const servers: Server[] = [];
let opened: TestPool | undefined;

/** A pool that `closeAll` closes. */
export const open = (...parts: Parameters<typeof openPool>): TestPool => (opened = openPool(...parts));

/** A server that `closeAll` closes. @returns its port */
export async function serve(answer: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await once(server.listen(port, host), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Shows the connections to the first server. */
export const onConnection = (listener: () => void): unknown => servers[0]!.on('connection', listener);

/** Closes every connection, like a server after its keep-alive timeout. */
export function closeConnections(): void {
  for (const server of servers) server.closeAllConnections();
}

export async function closeAll(): Promise<void> {
  await opened?.close();
  opened = undefined;
  closeConnections();
  for (const server of servers.splice(0)) server.close();
}

export const text = async (pool: TestPool, url: string): Promise<unknown> =>
  (await firstValueFrom(pool.http.get<unknown>(url))).data;
