import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Stage } from './traffic/stage.js';

/** A replica gives PostgreSQL 400 ms to renew a lease; what takes us so long on the way leaves it too little. */
const STRAINED_MS = 200;
const INTERVAL_MS = 50;

/**
 * Watches whether the machine keeps up: when this process, which all links lead through, or PostgreSQL itself comes late,
 * replicas are right to say that PostgreSQL cannot be reached. How long that was is reported.
 */
export class Strain {
  totalMs = 0;

  constructor(private readonly stage: Stage) {}

  async watch(isOver: () => boolean): Promise<void> {
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
