import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RogueServer {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  readonly close: () => Promise<void>;
}

/**
 * A server below the level of HTTP, which may do anything with a connection.
 * @param behave called when a connection has sent something
 */
export async function startRogue(
  behave: (socket: Socket, sent: string) => void,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<RogueServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => behave(socket, bytes.toString()));
  });
  let connections = 0;
  await once(server.listen(port, host), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The raw bytes of an answer, valid or not. */
export const answerText = (body: string, length: number | string = body.length): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
