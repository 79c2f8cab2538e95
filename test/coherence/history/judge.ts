import type { Node } from '../cluster/cluster.js';
import { type Answer, headerOf } from '../http/answer-parser.js';
import type { Register, Seen, WriteEvent } from './register.js';
import type { Trouble } from './trouble.js';

export interface Observation {
  readonly register: Register;
  readonly seen: Seen;
}

/** A GET that was answered. */
export interface Read {
  readonly path: string;
  readonly node: Node;
  /** Of the timeline, when it began. */
  readonly moment: number;
  readonly beganMs: number;
  readonly answer: Answer;
}

export interface Violation {
  readonly kind: 'stale' | 'from the future';
  readonly register: string;
  readonly seen: Seen;
  /** Acknowledged before the read began, and attempted before it ended. */
  readonly expected: string;
  readonly path: string;
  readonly replica: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly cacheStatus: string;
  /** The last writes of the register. */
  readonly history: readonly WriteEvent[];
}

const KEPT = 200;
const IS_AWAY = 'detail=database-away';

/** Holds what answers show against what was acknowledged before they were asked for. */
export class Judge {
  readonly violations: Violation[] = [];
  readonly errors = new Map<string, number>();
  violationCount = 0;
  reads = 0;
  staleMarked = 0;
  /** 503 while PostgreSQL could not be reached. */
  refusedReads = 0;

  constructor(
    private readonly trouble: Trouble,
    private readonly activeFaults: ReadonlySet<string> = new Set(),
  ) {}

  countError(kind: string): void {
    const during =
      this.activeFaults.size === 0 ? '' : ` during ${[...this.activeFaults].sort().join(' and ')}`;
    this.errors.set(kind + during, (this.errors.get(kind + during) ?? 0) + 1);
  }

  judge(read: Read, observations: readonly Observation[]): void {
    this.reads += 1;
    if (this.isExcused(read)) return;
    for (const observation of observations)
      if (!observation.register.allows(observation.seen, read.moment)) this.report(read, observation);
  }

  /** A copy that is marked as such may be old, but only while the database is away. */
  private isExcused({ answer, node, beganMs }: Read): boolean {
    if (headerOf(answer, 'cache-status')?.includes(IS_AWAY) !== true) return false;
    this.staleMarked += 1;
    if (this.trouble.wasWithin(node, beganMs, performance.now())) return true;
    this.countError('an answer marked stale while PostgreSQL was there');
    return true;
  }

  private report({ path, node, moment, beganMs, answer }: Read, { register, seen }: Observation): void {
    this.violationCount += 1;
    if (this.violations.length === KEPT) return;
    const oldest = register.acknowledgedAt(moment);
    this.violations.push({
      kind: typeof seen === 'number' && seen > register.attempted ? 'from the future' : 'stale',
      register: register.name,
      seen,
      expected: `${oldest} to ${register.attempted}`,
      path,
      replica: node.replica.name,
      beganMs,
      endedMs: performance.now(),
      cacheStatus: headerOf(answer, 'cache-status') ?? 'none',
      history: register.events.map((event) => ({ ...event })),
    });
  }
}
