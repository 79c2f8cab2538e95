import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

// Two hosts to call, with and without TLS: `node targets.js KEY CERTIFICATE` prints their origins as a line of JSON.

const BODY = Buffer.from(
  JSON.stringify({ id: 1, username: 'author-1', bio: 'Writes about the sea. '.repeat(8) }),
);
const [keyFile = '', certificateFile = ''] = process.argv.slice(2);
const tls = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };

const answer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
  response.end(BODY);
};

const servers = [
  createServer(answer),
  createServer(answer),
  createTlsServer(tls, answer),
  createTlsServer(tls, answer),
];
// Long timeouts, so that the target never closes a connection during a measurement.
for (const server of servers) server.keepAliveTimeout = 60_000;
const ports = await Promise.all(
  servers.map(async (server) => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }),
);
const origin = (scheme: string, port = 0): string => `${scheme}://localhost:${port}`;
const [a, b, c, d] = ports;
process.stdout.write(
  `${JSON.stringify({ http: [origin('http', a), origin('http', b)], https: [origin('https', c), origin('https', d)] })}\n`,
);
