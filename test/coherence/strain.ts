import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Node } from './cluster/cluster.js';
import { getText } from './http/request-text.js';
import type { Stage } from './traffic/stage.js';

/** A replica gives PostgreSQL 400 ms to renew a lease; what takes us so long on the way leaves it too little. */
const STRAINED_MS = 200;
const INTERVAL_MS = 50;

/**
 * Watches whether the machine keeps up: when this process, which all links lead through, or PostgreSQL itself or a replica comes late,
 * replicas are right to say that PostgreSQL cannot be reached. How long that was is reported.
 */
export class Strain {
  totalMs = 0;

  constructor(private readonly stage: Stage) {}

  async watch(isOver: () => boolean): Promise<void> {
    const { nodes } = this.stage.cluster;
    await Promise.all([this.watchPostgres(isOver), ...nodes.map((node) => this.watchReplica(node, isOver))]);
  }

  /** A process that nothing was done to, and that comes late with an answer which costs nothing, waits for the processor. */
  private async watchReplica(node: Node, isOver: () => boolean): Promise<void> {
    const isUp = (): boolean => node.replica.state === 'up';
    for (; !isOver(); await sleep(2 * INTERVAL_MS)) {
      const beganMs = performance.now();
      if (!isUp() || this.stage.activeFaults.has('replica-frozen')) continue;
      await this.stage.clients
        .get(node)!
        .ask(getText('/livez'))
        .catch(() => undefined);
      if (!isUp() || performance.now() - beganMs < STRAINED_MS || isOver()) continue;
      this.totalMs += performance.now() - beganMs;
      this.stage.trouble.begin([node], beganMs)();
    }
  }

  private async watchPostgres(isOver: () => boolean): Promise<void> {
    let client: Client | undefined;
    for (; !isOver(); await sleep(INTERVAL_MS)) {
      const beganMs = performance.now();
      const slow = setTimeout(() => this.strained(beganMs, isOver), STRAINED_MS);
      client = await this.ask(client).catch(() => undefined);
      clearTimeout(slow);
      const tookMs = performance.now() - beganMs;
      // A timer that could not run in time says the same.
      if (tookMs > STRAINED_MS) this.strained(beganMs, isOver);
      if (tookMs > STRAINED_MS) this.totalMs += tookMs;
    }
    await client?.end().catch(() => undefined);
  }

  private async ask(open: Client | undefined): Promise<Client> {
    const client = open ?? (await this.connect());
    await client.query('SELECT 1');
    return client;
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.stage.cluster.postgres.url,
      application_name: 'checker',
      connectionTimeoutMillis: 1_000,
      query_timeout: 2_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private strained(sinceMs: number, isOver: () => boolean): void {
    if (!isOver()) this.stage.trouble.begin(this.stage.cluster.nodes, sinceMs)();
  }
}
