import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Node } from './cluster/cluster.js';
import { getText } from './http/request-text.js';
import type { Stage } from './traffic/stage.js';

/**
 * A replica gives PostgreSQL 400 ms to renew a lease. If the link through this process takes this long, too little is
 * left.
 */
const STRAINED_MS = 200;
const INTERVAL_MS = 50;

/**
 * Checks whether the machine keeps up. If this process, which all links lead through, or PostgreSQL or a replica is
 * late, replicas may rightly report that PostgreSQL cannot be reached. The time is reported.
 */
export class Strain {
  totalMs = 0;

  constructor(private readonly stage: Stage) {}

  async watch(isOver: () => boolean): Promise<void> {
    const { nodes } = this.stage.cluster;
    await Promise.all([this.watchPostgres(isOver), ...nodes.map((node) => this.watchReplica(node, isOver))]);
  }

  /** An unaffected process that is late with a trivial answer is waiting for a CPU. */
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
      // A timer that is late shows the same.
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
