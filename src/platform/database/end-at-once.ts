import type { ClientBase } from 'pg';
import type { Socket } from 'node:net';

/**
 * Ends a connection with the queries that wait on it, also on a link that swallows everything, where node-postgres' own
 * `end` would wait for ever. Its socket is not part of its types.
 */
export function endAtOnce(client: ClientBase): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
