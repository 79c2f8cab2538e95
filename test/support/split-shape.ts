import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { query } from './test-database.js';

/** The tables that the database user of the blog side may not read. */
const TABLES_OF_ACCOUNTS = 'users, sessions, refresh_tokens';
const ONE_AT_A_TIME = 'SELECT pg_advisory_xact_lock(1)';

/** The same database, for a user who may do everything except read accounts. */
export async function withoutAccounts(
  databaseUrl: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `blog_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  // Concurrent runs would change the same rights, which PostgreSQL refuses: "tuple concurrently updated".
  const run = (...statements: string[]): Promise<unknown> =>
    query(databaseUrl, ['BEGIN', ONE_AT_A_TIME, ...statements, 'COMMIT'].join('; '));
  await run(
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`,
    `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${name}`,
    `GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${name}`,
    `REVOKE ALL ON ${TABLES_OF_ACCOUNTS} FROM ${name}`,
  );
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = password;
  const drop = async (): Promise<void> => {
    await run(`DROP OWNED BY ${name}`, `DROP ROLE ${name}`);
  };
  return { url: url.href, drop };
}

/** Does what an ingress does with the two sides. */
export const isOfUsers = (path: string): boolean => /^\/(api(?!\/site(?:\?|$))|internal)(\/|\?|$)/.test(path);

export interface Router {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Passes each request to the side that serves its path, unchanged. */
export async function routeBySide(users: string, blog: string): Promise<Router> {
  const agent = new Agent({ keepAlive: true });
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { hostname, port } = new URL(isOfUsers(incoming.url ?? '/') ? users : blog);
    const { method, url: path, rawHeaders: headers } = incoming;
    const onward = request({ agent, hostname, port, method, path, headers, setHost: false }, (answer) => {
      // An answer before the end of the body refuses the rest of the body.
      incoming.unpipe(onward).resume();
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders);
      pipeline(answer, outgoing, () => undefined);
    });
    onward.on('error', () => (outgoing.headersSent ? undefined : outgoing.destroy()));
    incoming.pipe(onward);
    outgoing.on('close', () => onward.destroy());
  };
  const server: Server = createServer(pass);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

/** Presents both sides to a test as one application, in which each provider comes from the side that has it. */
export function bothSides(
  users: NestFastifyApplication,
  blog: NestFastifyApplication,
): NestFastifyApplication {
  const get = (...parts: Parameters<NestFastifyApplication['get']>): unknown => {
    try {
      return users.get(...parts);
    } catch {
      return blog.get(...parts);
    }
  };
  return new Proxy(users, {
    get: (target, name): unknown => (name === 'get' ? get : Reflect.get(target, name)),
  });
}
