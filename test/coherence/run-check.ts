import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/transfer/random.js';
import { Cluster, type ClusterOptions } from './cluster/cluster.js';
import type { DatabaseClock } from './cluster/database-clock.js';
import { FaultSchedule, UNSTEADY_FAULT_NAMES } from './faults/fault-schedule.js';
import { Succession } from './faults/succession.js';
import { Fills } from './fills.js';
import { Histories, type LostWrite } from './history/histories.js';
import { Judge, type Violation, type ViolationKind } from './history/judge.js';
import { Timeline } from './history/timeline.js';
import { Trouble } from './history/trouble.js';
import { Client } from './http/client.js';
import { Strain } from './strain.js';
import { lastLook } from './last-look.js';
import { arrivals } from './traffic/arrivals.js';
import { Changes } from './traffic/changes.js';
import { Lives } from './traffic/lives.js';
import { Probes } from './traffic/probes.js';
import { Reader } from './traffic/reader.js';
import type { Stage } from './traffic/stage.js';
import { World } from './traffic/world.js';
import { type Latency, WriteTally } from './traffic/write-tally.js';
import { Writer } from './traffic/writer.js';

/** Longer than anything may take. If it is exceeded, something hangs. */
const DEADLINE_MS = 8_000;
const SETTLE_TIMEOUT_MS = 60_000;

export interface CheckOptions extends ClusterOptions {
  readonly seconds: number;
  readonly faults: readonly string[];
  readonly seed: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** PostgreSQL's clock, if its environment has one. */
  readonly clock?: DatabaseClock | undefined;
  readonly report: (progress: string) => void;
}

export interface CheckResult {
  readonly seed: number;
  readonly seconds: number;
  readonly reads: number;
  readonly writes: number;
  readonly unknownWrites: number;
  readonly violationCount: number;
  readonly violationCounts: ReadonlyMap<ViolationKind, number>;
  /** Acknowledged writes that were lost by a database that may lose them. */
  readonly excusedLosses: number;
  /** The first ones. */
  readonly violations: readonly Violation[];
  readonly errors: ReadonlyMap<string, number>;
  readonly lostWrites: readonly LostWrite[];
  readonly staleMarked: number;
  readonly refusedReads: number;
  /** Reads that were not sent, because too many were waiting for an answer. */
  readonly shed: number;
  readonly fills: number;
  /** How long the machine did not keep up. */
  readonly strainedSeconds: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly latencies: readonly Latency[];
}

export const isGood = ({ violationCount, errors, lostWrites }: CheckResult): boolean =>
  violationCount === 0 && errors.size === 0 && lostWrites.length === 0;

/** Starts a cluster, reads and writes while faults happen, and compares every answer with what was acknowledged. */
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
  const lives = new Lives(stage, world);
  const histories = new Histories(world.targets, () => lives.abandon());
  const changes = new Changes(stage, histories);
  const [reader, writer] = [new Reader(stage, probes), new Writer(stage, world, changes)];
  const succession = new Succession(stage, world, histories);
  if (options.faults.some((name) => UNSTEADY_FAULT_NAMES.includes(name))) await succession.prepare();
  const database = { succession, clock: options.clock };
  const schedule = new FaultSchedule(stage, new Random(options.seed + 1), options.faults, database);
  const [fills, strain] = [new Fills(stage), new Strain(stage)];
  const endMs = performance.now() + options.seconds * 1000;
  const isOver = (): boolean => performance.now() > endMs;
  await Promise.all([
    arrivals(random, options.readsPerSecond, isOver, () => reader.arrive()),
    arrivals(random, options.writesPerSecond, isOver, () => writer.arrive()),
    lives.run(changes, isOver),
    writer.keepTokens(isOver),
    schedule.run(isOver),
    fills.watch(isOver),
    strain.watch(isOver),
    progress(stage, options, isOver),
  ]);
  await untilQuiet(stage, world);
  const lostWrites = [...histories.losses, ...(await lastLook(stage, world, reader))];
  return {
    seed: options.seed,
    seconds: options.seconds,
    reads: judge.reads,
    writes: writes.acknowledged,
    unknownWrites: writes.unknown,
    violationCount: judge.violationCount,
    violations: judge.violations,
    violationCounts: judge.counts,
    excusedLosses: histories.excusedLosses,
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

async function untilQuiet({ cluster }: Stage, world: World): Promise<void> {
  const deadline = Date.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const busy = world.targets.filter(({ register }) => register.isBusy && !register.isLeft);
    if (busy.length === 0) return;
    if (Date.now() > deadline) {
      const open = JSON.stringify(await cluster.postgres.openTransactions());
      throw new Error(`${busy.length} writes do not end: ${busy[0]!.register.name}; transactions: ${open}`);
    }
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
