import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/transfer/random.js';
import { Cluster, type ClusterOptions } from './cluster/cluster.js';
import { FaultSchedule } from './faults/fault-schedule.js';
import { Fills } from './fills.js';
import { Judge, type Violation } from './history/judge.js';
import { Timeline } from './history/timeline.js';
import { Trouble } from './history/trouble.js';
import { Client } from './http/client.js';
import { Strain } from './strain.js';
import { lastLook, type LostWrite } from './last-look.js';
import { arrivals } from './traffic/arrivals.js';
import { Changes } from './traffic/changes.js';
import { Lives } from './traffic/lives.js';
import { Probes } from './traffic/probes.js';
import { Reader } from './traffic/reader.js';
import type { Stage } from './traffic/stage.js';
import { World } from './traffic/world.js';
import { type Latency, WriteTally } from './traffic/write-tally.js';
import { Writer } from './traffic/writer.js';

/** Longer than anything may take: what hangs is an error. */
const DEADLINE_MS = 8_000;
const SETTLE_TIMEOUT_MS = 60_000;

export interface CheckOptions extends ClusterOptions {
  readonly seconds: number;
  readonly faults: readonly string[];
  readonly seed: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly report: (progress: string) => void;
}

export interface CheckResult {
  readonly seed: number;
  readonly seconds: number;
  readonly reads: number;
  readonly writes: number;
  readonly unknownWrites: number;
  readonly violationCount: number;
  /** The first ones. */
  readonly violations: readonly Violation[];
  readonly errors: ReadonlyMap<string, number>;
  readonly lostWrites: readonly LostWrite[];
  readonly staleMarked: number;
  readonly refusedReads: number;
  /** Reads that were not sent, because too many waited for an answer. */
  readonly shed: number;
  readonly fills: number;
  /** How long the machine did not keep up. */
  readonly strainedSeconds: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly latencies: readonly Latency[];
}

export const isGood = ({ violationCount, errors, lostWrites }: CheckResult): boolean =>
  violationCount === 0 && errors.size === 0 && lostWrites.length === 0;

/** Starts a cluster, reads and writes while things go wrong, and holds every answer against what was acknowledged. */
export async function runCheck(options: CheckOptions): Promise<CheckResult> {
  const cluster = await Cluster.start(options);
  const clients = new Map(cluster.nodes.map((node) => [node, new Client(node.replica.port, DEADLINE_MS)]));
  const trouble = new Trouble();
  const activeFaults = new Set<string>();
  const stage: Stage = {
    cluster,
    clients,
    random: new Random(options.seed),
    timeline: new Timeline(),
    trouble,
    judge: new Judge(trouble, activeFaults),
    writes: new WriteTally(),
    activeFaults,
  };
  watchReplicas(stage, options.report);
  try {
    return await run(stage, options);
  } finally {
    for (const client of clients.values()) client.close();
    await cluster.stop();
  }
}

function watchReplicas({ cluster, judge }: Stage, report: (text: string) => void): void {
  for (const { replica } of cluster.nodes)
    replica.onUnexpectedEnd = (output) => {
      judge.countError(`${replica.name} ended by itself`);
      report(output);
      void replica.start();
    };
}

async function run(stage: Stage, options: CheckOptions): Promise<CheckResult> {
  const { random, judge, writes, cluster, clients } = stage;
  const probes = new Probes();
  const world = await World.create(probes, clients.get(cluster.nodes[0]!)!);
  const changes = new Changes(stage);
  const [reader, writer] = [new Reader(stage, probes), new Writer(stage, world, changes)];
  const schedule = new FaultSchedule(stage, new Random(options.seed + 1), options.faults);
  const [fills, strain] = [new Fills(stage), new Strain(stage)];
  const endMs = performance.now() + options.seconds * 1000;
  const isOver = (): boolean => performance.now() > endMs;
  await Promise.all([
    arrivals(random, options.readsPerSecond, isOver, () => reader.arrive()),
    arrivals(random, options.writesPerSecond, isOver, () => writer.arrive()),
    new Lives(stage, world, changes).run(isOver),
    writer.keepTokens(isOver),
    schedule.run(isOver),
    fills.watch(isOver),
    strain.watch(isOver),
    progress(stage, options, isOver),
  ]);
  await untilQuiet(world);
  const lostWrites = await lastLook(stage, world, reader);
  return {
    seed: options.seed,
    seconds: options.seconds,
    reads: judge.reads,
    writes: writes.acknowledged,
    unknownWrites: writes.unknown,
    violationCount: judge.violationCount,
    violations: judge.violations,
    errors: judge.errors,
    lostWrites,
    staleMarked: judge.staleMarked,
    refusedReads: judge.refusedReads,
    shed: reader.shed,
    fills: fills.count,
    strainedSeconds: strain.totalMs / 1000,
    faults: schedule.happened,
    latencies: writes.latencies(),
  };
}

async function untilQuiet(world: World): Promise<void> {
  const deadline = Date.now() + SETTLE_TIMEOUT_MS;
  while (world.targets.some(({ register }) => register.isBusy && !register.isLeft)) {
    if (Date.now() > deadline) throw new Error('A write does not end');
    await sleep(50);
  }
}

async function progress(
  { judge, writes, activeFaults }: Stage,
  options: CheckOptions,
  isOver: () => boolean,
): Promise<void> {
  const startMs = performance.now();
  for (; !isOver(); await sleep(5_000)) {
    const seconds = Math.round((performance.now() - startMs) / 1000);
    const faults = activeFaults.size === 0 ? '' : ` · ${[...activeFaults].join(' + ')}`;
    options.report(
      `${seconds} s · ${judge.reads} reads · ${writes.acknowledged} writes · ${judge.violationCount} violations${faults}`,
    );
  }
}
