import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../support/accounts.js';

const PIECES = 10;

/** A POST whose body is sent over `ms`. @returns status and text of the answer, which may come early */
export function uploadSlowly(
  url: string,
  author: Account,
  title: string,
  ms: number,
): Promise<[number, string]> {
  const body = Buffer.from(JSON.stringify({ title, content: 'Slowly. '.repeat(1_000) }));
  const headers = {
    authorization: `Bearer ${author.token}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  const { promise, resolve, reject } = Promise.withResolvers<[number, string]>();
  const upload = request(`${url}/blog/api/posts`, { method: 'POST', headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString()]));
    response.on('error', reject);
  });
  upload.on('error', reject);
  const send = async (): Promise<void> => {
    const size = Math.ceil(body.length / PIECES);
    for (let piece = 0; piece < PIECES; piece += 1) {
      upload.write(body.subarray(piece * size, (piece + 1) * size));
      await sleep(ms / PIECES);
    }
    upload.end();
  };
  send().catch(reject);
  return promise;
}

/** Clients that hold connections to a server without doing what it waits for. @returns their sockets */
export async function holdConnections(url: string): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const said = [
    // Sends nothing.
    '',
    // Half a head.
    `GET /blog/api/posts HTTP/1.1\r\nHost: ${hostname}\r\nX-Half:`,
    // A head whose body never comes.
    `POST /api/login HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"`,
    // A request that is answered. The connection then stays open, as with browsers.
    `GET /health HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`,
  ];
  const sockets = said.map((text) => {
    const socket = connect(Number(port), hostname);
    // The server should close them, which is what the test waits for.
    socket.on('error', () => undefined);
    socket.write(text);
    return socket;
  });
  await once(sockets.at(-1)!, 'data');
  return sockets;
}
