import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { reset, Wire } from './wire.js';

/** What is wrong with the connections of one kind, for as long as it is imposed. */
export interface Condition {
  /** Nothing gets through, or only one way: it arrives late, once the condition is lifted. */
  readonly stalled?: 'both ways' | 'requests' | 'replies';
  /** Replies are stalled from the moment on that a client sends such bytes. */
  readonly stalledFrom?: string;
  /** New connections are reset. */
  readonly isRefused?: boolean;
  readonly delayMs?: number;
}

/** Tells the connections of a link apart by the first bytes that the client sends. */
export type KindOf = (firstBytes: Buffer) => string;

/** A TCP proxy between two processes, which fails its connections in the ways networks do, one kind apart from another. */
export class Link {
  private readonly wires = new Set<Wire>();
  private readonly clients = new Set<Socket>();
  private readonly conditions = new Map<string, Set<Condition>>();

  private constructor(
    private readonly server: Server,
    private readonly kindOf: KindOf,
    /** Where it leads: may change, as when a server comes back at another port. */
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

  /** @returns lifts the condition again */
  impose(kind: string, condition: Condition): () => void {
    const imposed = this.conditions.get(kind) ?? new Set();
    this.conditions.set(kind, imposed.add(condition));
    this.apply(kind);
    return () => {
      imposed.delete(condition);
      this.apply(kind);
    };
  }

  /** Resets the connections that are open. */
  cut(kind: string): void {
    for (const wire of this.of(kind)) wire.reset();
  }

  /** The far end forgets the connections that are open; the near end is not told. */
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
