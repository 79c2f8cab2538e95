import { type Node, stopNode } from '../cluster/cluster.js';
import type { PostgresProcess } from '../cluster/postgres-process.js';
import { insist } from '../effects/insist.js';
import { marksIn } from '../history/marks.js';
import type { Answer } from '../http/answer-parser.js';
import { Client } from '../http/client.js';
import { changeText, getText } from '../http/request-text.js';
import type { Target } from '../traffic/world.js';
import { away, type Fault, type FaultContext } from './fault.js';
import { versionsOf } from './succession.js';

const DEADLINE_MS = 8_000;
const TARGETS = 8;
const ROUNDS = 6;
/** Versions that the original never reaches, so that their source is clear wherever they are shown. */
const FIRST_VERSION = 1_000_000;

/** A copy of the database, with a replica of its own on the same Redis. */
interface Clone {
  readonly node: Node;
  readonly clients: ReadonlyMap<Node, Client>;
  readonly versions: Map<Target, number>;
}

/**
 * The original and the clone are written to independently. The replicas of the original are watched all the time. That
 * of the clone is read here only, by the same client that writes to it.
 */
async function cloneBeside(context: FaultContext): Promise<void> {
  const { cluster, random, succession } = context;
  const copy = await away(context, () => cluster.coldCopy());
  const server = await cluster.postgres.startOn(copy);
  const node = await cluster.startBeside('replica of the clone', server);
  const client = new Client(node.replica.port, DEADLINE_MS);
  try {
    const targets = random.sample(succession.targets, TARGETS);
    const clone = await cloneOf(server, node, client, targets);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const target of targets) await look(context, clone, target);
      await write(context, clone, random.pick(targets));
      for (const target of targets) await look(context, clone, target);
      await context.pause(50, 250);
    }
  } finally {
    client.close();
    await stopNode(node);
    await server.crash();
    server.folder.remove();
  }
  await succession.lookAfterwards('clone-beside');
}

async function cloneOf(
  server: PostgresProcess,
  node: Node,
  client: Client,
  targets: readonly Target[],
): Promise<Clone> {
  const versionOf = await versionsOf(server);
  const versions = new Map(targets.map((target) => [target, versionOf(target.row)]));
  return { node, clients: new Map([[node, client]]), versions };
}

async function write({ stage }: FaultContext, clone: Clone, target: Target): Promise<void> {
  const version = Math.max(FIRST_VERSION, clone.versions.get(target)!) + 1;
  const { status } = await insist(clone.clients, clone.node, changeText(target.change(version)));
  if (status !== 200) return stage.judge.countError(`a write to the clone is ${status}`);
  clone.versions.set(target, version);
}

async function look(
  { stage }: FaultContext,
  { node, clients, versions }: Clone,
  target: Target,
): Promise<void> {
  const beganMs = performance.now();
  const answer = await insist(clients, node, getText(target.path));
  const [seen, expected] = [versionIn(answer), versions.get(target)!];
  stage.judge.reads += 1;
  // A draft that is not published is invisible.
  if (seen === expected || (answer.status === 404 && !target.register.shows(expected))) return;
  const read = { path: target.path, node, moment: stage.timeline.now, beganMs, answer };
  stage.judge.report('of another database', read, { register: target.register, seen }, String(expected));
}

const versionIn = ({ body }: Answer): number => marksIn(body)[0]?.version ?? 0;

export const CLONE_FAULTS: Readonly<Record<string, Fault>> = { 'clone-beside': cloneBeside };
