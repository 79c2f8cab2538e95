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
  /** On the timeline, when it began. */
  readonly moment: number;
  readonly beganMs: number;
  readonly answer: Answer;
}

export type ViolationKind = 'stale' | 'from the future' | 'from a lost future' | 'of another database';

export interface Violation {
  readonly kind: ViolationKind;
  readonly register: string;
  readonly seen: Seen;
  /** Acknowledged before the read began, and attempted before it ended. */
  readonly expected: string;
  readonly path: string;
  readonly replica: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly cacheStatus: string;
  /** The faults at this moment. */
  readonly during: string;
  /** The last writes of the register. */
  readonly history: readonly WriteEvent[];
}

const KEPT = 200;
const IS_AWAY = 'detail=database-away';

/** Compares answers with the writes that were acknowledged before their requests. */
export class Judge {
  readonly violations: Violation[] = [];
  readonly errors = new Map<string, number>();
  readonly counts = new Map<ViolationKind, number>();
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
    for (const observation of observations) this.judgeOne(read, observation);
  }

  private judgeOne(read: Read, { register, seen }: Observation): void {
    if (register.isAbandoned || register.allows(seen, read.moment)) return;
    const isTooNew = typeof seen === 'number' && seen > register.attempted;
    const kind = isTooNew ? 'from the future' : register.isLost(seen) ? 'from a lost future' : 'stale';
    const expected = `${register.acknowledgedAt(read.moment)} to ${register.attempted}`;
    this.report(kind, read, { register, seen }, expected);
  }

  /** A copy marked as stale may be outdated, but only while the database is away. */
  private isExcused({ answer, node, beganMs }: Read): boolean {
    if (headerOf(answer, 'cache-status')?.includes(IS_AWAY) !== true) return false;
    this.staleMarked += 1;
    if (this.trouble.wasWithin(node, beganMs, performance.now())) return true;
    this.countError('an answer marked stale while PostgreSQL was there');
    return true;
  }

  report(kind: ViolationKind, read: Read, { register, seen }: Observation, expected: string): void {
    this.violationCount += 1;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (this.violations.length === KEPT) return;
    this.violations.push({
      kind,
      register: register.name,
      seen,
      expected,
      path: read.path,
      replica: read.node.replica.name,
      beganMs: read.beganMs,
      endedMs: performance.now(),
      cacheStatus: headerOf(read.answer, 'cache-status') ?? 'none',
      during: [...this.activeFaults].sort().join(' and '),
      history: register.events.map((event) => ({ ...event })),
    });
  }
}
