import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** A connection that brings nothing for so long is closed. */
const IDLE_MS = 60_000;

const arriving = new WeakSet<Socket>();

/**
 * Lifts the time limit of a request whose body is too large to arrive in seconds. Node has one limit for all requests; it
 * reports each request that exceeds it once, and leaves the rest to us.
 */
export function letArriveSlowly(request: IncomingMessage): void {
  const { socket } = request;
  arriving.add(socket);
  // Without a listener for the timeout, Node closes the connection.
  socket.setTimeout(IDLE_MS);
  request.once('close', () => arriving.delete(socket));
}

/** True while a request without a time limit arrives. */
export const mayArriveSlowly = (socket: Socket): boolean => arriving.has(socket);
