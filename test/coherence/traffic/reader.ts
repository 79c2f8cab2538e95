import type { Node } from '../cluster/cluster.js';
import { type Answer, headerOf } from '../http/answer-parser.js';
import { ConnectionLost } from '../http/connection.js';
import type { Observation } from '../history/judge.js';
import type { Probe } from './probe.js';
import type { Probes } from './probes.js';
import type { Stage } from './stage.js';

/** More would only measure how long a queue gets. */
const MAX_BUSY = 300;
const CONDITIONAL = 0.15;

interface Kept {
  readonly etag: string;
  readonly observations: readonly Observation[];
}

/** Reads anything from any replica, and has the answers judged. */
export class Reader {
  /** The client's copies by path, for revalidation. */
  private readonly copies = new WeakMap<Probe, Kept>();
  /** Arrivals that were not sent, because too many had not been answered. */
  shed = 0;

  constructor(
    private readonly stage: Stage,
    private readonly probes: Probes,
  ) {}

  arrive(): void {
    const { cluster, clients, random } = this.stage;
    const { reachable } = cluster;
    if (reachable.length === 0) return;
    const node = random.pick(reachable);
    if (clients.get(node)!.busy >= MAX_BUSY) this.shed += 1;
    else void this.read(node, this.probes.pick(random));
  }

  async read(node: Node, probe: Probe): Promise<void> {
    const { clients, random, timeline, judge } = this.stage;
    const kept = random.chance(CONDITIONAL) ? this.copies.get(probe) : undefined;
    const [moment, beganMs] = [timeline.now, performance.now()];
    try {
      const text = kept === undefined ? probe.request : probe.conditional(kept.etag);
      const answer = await clients.get(node)!.ask(text);
      const observations = this.observe(probe, answer, kept);
      if (observations !== undefined) {
        judge.judge({ path: probe.path, node, moment, beganMs, answer }, observations);
      } else this.countRefusal(node, beganMs, answer, probe.path);
    } catch (error) {
      this.countLoss(node, error as Error);
    }
  }

  private observe(probe: Probe, answer: Answer, kept: Kept | undefined): readonly Observation[] | undefined {
    if (answer.status === 304) return kept?.observations;
    const observations = probe.observe(answer);
    const etag = answer.status === 200 ? headerOf(answer, 'etag') : undefined;
    if (observations !== undefined && etag !== undefined && !isMarkedStale(answer))
      this.copies.set(probe, { etag, observations });
    return observations;
  }

  private countRefusal(node: Node, beganMs: number, { status, body }: Answer, path: string): void {
    const { trouble, judge } = this.stage;
    judge.reads += 1;
    if (status === 503 && trouble.wasWithin(node, beganMs, performance.now()))
      return void (judge.refusedReads += 1);
    const code = /"code":"([^"]+)"/.exec(body.toString())?.[1] ?? 'no problem document';
    judge.countError(`GET ${path.replace(/-\d+|\d+/g, '#')} is ${status} ${code}`);
  }

  private countLoss(node: Node, error: Error): void {
    const { state } = node.replica;
    if (error instanceof ConnectionLost && state !== 'up' && state !== 'frozen') return;
    this.stage.judge.countError(`GET: ${error.message}`);
  }
}

const isMarkedStale = (answer: Answer): boolean =>
  headerOf(answer, 'cache-status')?.includes('fwd=stale') === true;
