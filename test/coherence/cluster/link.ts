import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { reset, Wire } from './wire.js';

/** A fault that is injected into all connections of one kind until it is lifted. */
export interface Condition {
  /** Nothing gets through, or in one direction only. It arrives late, when the condition is lifted. */
  readonly stalled?: 'both ways' | 'requests' | 'replies';
  /** Replies stall from the moment when a client sends these bytes. */
  readonly stalledFrom?: string;
  /** New connections are reset. */
  readonly isRefused?: boolean;
  readonly delayMs?: number;
}

/** Tells the connections of a link apart by the first bytes from the client. */
export type KindOf = (firstBytes: Buffer) => string;

/** A TCP proxy between two processes, which simulates network failures for one kind of connection at a time. */
export class Link {
  private readonly wires = new Set<Wire>();
  private readonly clients = new Set<Socket>();
  private readonly conditions = new Map<string, Set<Condition>>();

  private constructor(
    private readonly server: Server,
    private readonly kindOf: KindOf,
    /** The target. It may change, for example when a server returns at another port. */
    public targetPort: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async to(targetPort: number, kindOf: KindOf): Promise<Link> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server, kindOf, targetPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @returns a function that lifts the condition */
  impose(kind: string, condition: Condition): () => void {
    const imposed = this.conditions.get(kind) ?? new Set();
    this.conditions.set(kind, imposed.add(condition));
    this.apply(kind);
    return () => {
      imposed.delete(condition);
      this.apply(kind);
    };
  }

  /** Resets the open connections. */
  cut(kind: string): void {
    for (const wire of this.of(kind)) wire.reset();
  }

  /** The far end forgets the open connections, and the near end is not told. */
  halfOpen(kind: string): void {
    for (const wire of this.of(kind)) wire.loseFarEnd();
  }

  async close(): Promise<void> {
    for (const wire of this.wires) wire.reset();
    for (const client of this.clients) client.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private of(kind: string): Wire[] {
    return [...this.wires].filter((wire) => wire.kind === kind);
  }

  private accept(client: Socket): void {
    this.clients.add(client);
    client.setNoDelay(true).on('error', () => undefined);
    client.on('close', () => this.clients.delete(client));
    client.once('data', (first: Buffer) => {
      client.pause();
      const kind = this.kindOf(first);
      if (this.imposed(kind).some(({ isRefused }) => isRefused)) return reset(client);
      const wire = new Wire(kind, client, connect(this.targetPort, '127.0.0.1').setNoDelay(true));
      this.wires.add(wire);
      wire.onEnd(() => this.wires.delete(wire));
      wire.setCondition(this.imposed(kind));
      wire.forward(first);
    });
  }

  private apply(kind: string): void {
    for (const wire of this.of(kind)) wire.setCondition(this.imposed(kind));
  }

  private imposed(kind: string): Condition[] {
    return [...(this.conditions.get(kind) ?? [])];
  }
}
