import type { ClientBase } from 'pg';
import type { Socket } from 'node:net';

/**
 * Ends a connection together with the queries that wait on it, even on a link that drops all packets. node-postgres'
 * own `end` would wait for ever there. The socket is not part of its types.
 */
export function endAtOnce(client: ClientBase): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
