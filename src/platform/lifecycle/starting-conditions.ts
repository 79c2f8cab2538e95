import { once } from 'node:events';
import { createServer } from 'node:net';

const LEAST_NODE_MAJOR = 22;

/** @throws a one-line error on a version of Node that is too old, instead of an obscure failure later */
export function assertNodeIsNewEnough(): void {
  const [major = '0'] = process.versions.node.split('.');
  if (Number(major) >= LEAST_NODE_MAJOR) return;
  throw new Error(
    `Inkwell needs Node ${LEAST_NODE_MAJOR} or newer, and recommends Node 24; this is ${process.versions.node}. "npm start" and "npm run inkwell" bring their own.`,
  );
}

/** Checks the port before a database is created. @throws if the port is in use, or may not be used */
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
