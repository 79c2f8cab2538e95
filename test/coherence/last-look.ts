import { setTimeout as sleep } from 'node:timers/promises';
import { marksIn } from './history/marks.js';
import type { Client } from './http/client.js';
import type { Reader } from './traffic/reader.js';
import type { Stage } from './traffic/stage.js';
import type { Target, World } from './traffic/world.js';

const READY_TIMEOUT_MS = 30_000;

/** A write that was acknowledged and is not in the database. */
export interface LostWrite {
  readonly register: string;
  readonly acknowledged: number;
  readonly found: number;
}

/** After everything: is every acknowledged write in the database, and does every replica show just what is there? */
export async function lastLook(stage: Stage, world: World, reader: Reader): Promise<LostWrite[]> {
  const { cluster, clients, judge, timeline } = stage;
  for (const node of cluster.nodes) {
    if (!(await isReady(clients.get(node)!)))
      judge.countError(`${node.replica.name} is not ready after the faults`);
  }
  const lost: LostWrite[] = [];
  for (const { register, row } of world.targets) {
    const found = await versionIn(stage, row);
    if (found < register.acknowledged)
      lost.push({ register: register.name, acknowledged: register.acknowledged, found });
    if (!register.isLeft) register.settle(found, timeline.tick());
  }
  for (const node of cluster.nodes) for (const probe of world.probes.all) await reader.read(node, probe);
  return lost;
}

async function isReady(client: Client): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (; Date.now() < deadline; await sleep(100)) {
    const answer = await client.ask('GET /readyz HTTP/1.1\r\nhost: checker\r\n\r\n').catch(() => undefined);
    if (answer?.status === 200 && !answer.body.includes('degraded')) return true;
  }
  return false;
}

async function versionIn({ cluster }: Stage, { sql, id }: Target['row']): Promise<number> {
  const [found] = await cluster.postgres.query<{ text: string | null }>(sql, [id]);
  return marksIn(Buffer.from(found?.text ?? ''))[0]?.version ?? 0;
}
