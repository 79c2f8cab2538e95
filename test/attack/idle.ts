import { type AddressInfo, createServer } from 'node:net';

/** A process that echoes what it receives at once. The time of its answers is the delay of the machine itself. */
const server = createServer({ noDelay: true }, (socket) => void socket.pipe(socket));
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
