import { once } from 'node:events';
import { createServer } from 'node:net';

const LEAST_NODE_MAJOR = 22;

/** @throws on a Node that lacks what Inkwell is written in: one line, instead of a failure somewhere inside */
export function assertNodeIsNewEnough(): void {
  const [major = '0'] = process.versions.node.split('.');
  if (Number(major) >= LEAST_NODE_MAJOR) return;
  throw new Error(
    `Inkwell runs on Node ${LEAST_NODE_MAJOR} or newer, best 24; this is ${process.versions.node}. "npm start" brings its own.`,
  );
}

/** Asked before a database is made for nothing. @throws when somebody listens there already, or nobody may */
export async function assertPortIsFree(port: number, host: string): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is in use' : 'cannot be listened on';
    throw new Error(`Inkwell cannot start: port ${port} of ${host} ${reason}: set PORT to another one`, {
      cause,
    });
  } finally {
    server.close();
  }
}
