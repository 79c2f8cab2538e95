import { untilReady } from './cluster/until-ready.js';
import type { LostWrite } from './history/histories.js';
import { versionsIn } from './history/truth.js';
import type { Reader } from './traffic/reader.js';
import type { Stage } from './traffic/stage.js';
import type { World } from './traffic/world.js';

/** The final check: is every acknowledged write in the database, and does every replica show exactly what is there? */
export async function lastLook(stage: Stage, world: World, reader: Reader): Promise<LostWrite[]> {
  const { cluster, clients, judge, timeline } = stage;
  for (const node of cluster.nodes) {
    if (!(await untilReady(clients.get(node)!)))
      judge.countError(`${node.replica.name} is not ready after the faults`);
  }
  const lost: LostWrite[] = [];
  const versionOf = await versionsIn((sql) => cluster.postgres.query(sql));
  for (const { register, row } of world.targets) {
    const found = versionOf(row);
    if (found < register.acknowledged)
      lost.push({ register: register.name, acknowledged: register.acknowledged, found, after: 'everything' });
    if (!register.isLeft) register.settle(found, timeline.tick());
  }
  for (const node of cluster.nodes) for (const probe of world.probes.all) await reader.read(node, probe);
  return lost;
}
