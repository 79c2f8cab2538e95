import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `pass` forwards everything. `swallow` accepts connections but answers nothing. `refuse` resets every connection. */
export type ProxyMode = 'pass' | 'swallow' | 'refuse';

/** A TCP proxy on a link, which simulates network failures. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private mode: ProxyMode = 'pass';

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.link(client));
  }

  static async to(url: string, at = 0): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer().listen(at, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, { host: hostname, port: Number(port) });
  }

  /** The same URL, through the proxy. */
  through(url: string): string {
    const by = new URL(url);
    by.hostname = '127.0.0.1';
    by.port = String((this.server.address() as AddressInfo).port);
    return by.href;
  }

  /** Applies to open connections too: `refuse` cuts them, `swallow` makes them hang. */
  set(mode: ProxyMode): void {
    this.mode = mode;
    // Swallowed bytes would arrive late or out of order, so a connection that hung is not resumed.
    if (mode !== 'swallow')
      for (const socket of this.sockets) if (mode === 'refuse' || socket.isPaused()) socket.resetAndDestroy();
    if (mode === 'swallow') for (const socket of this.sockets) socket.unpipe().pause();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private link(client: Socket): void {
    this.track(client);
    if (this.mode === 'refuse') return void client.resetAndDestroy();
    if (this.mode === 'swallow') return void client.pause();
    const upstream = connect(this.target);
    this.track(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
  }
}
