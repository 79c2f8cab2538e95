import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../cluster/cluster.js';
import type { Answer } from '../http/answer-parser.js';
import { AnswerOverdue, ConnectionLost } from '../http/connection.js';
import { type Change, changeText } from '../http/request-text.js';
import type { Register, WriteEvent } from '../history/register.js';
import { Settlement } from './settlement.js';
import type { Stage } from './stage.js';

/**
 * `lost`: with its replica, which was killed. `unknown`: 503 while PostgreSQL was away. `settled`: sent again, it met that
 * it has happened already. `overdue`: not answered, an error of the run; it may happen at any time. `refused`: another error.
 */
export type Outcome = 'acknowledged' | 'lost' | 'unknown' | 'settled' | 'overdue' | 'refused';

/** Statuses that say of a repeated request that it has happened: what it deletes is gone, the session it ends is. */
const SETTLED: ReadonlySet<number> = new Set([401, 404]);
/** The first attempt with this Idempotency-Key is under way. */
const IN_FLIGHT = 409;

export interface Attempt {
  readonly outcome: Outcome;
  readonly answer?: Answer;
  readonly node: Node;
}

/** Sends writes, and keeps account of what became of them. */
export class Changes {
  private readonly settlement: Settlement;

  constructor(private readonly stage: Stage) {
    this.settlement = new Settlement(stage.cluster.postgres);
  }

  /**
   * Writes the next version of a register. When the replica dies under it, the same is sent again to another one at once,
   * as a client would.
   */
  async write(register: Register, changeTo: (version: number) => Change): Promise<void> {
    register.isBusy = true;
    const event = register.begin('');
    const change = changeTo(event.version);
    let attempt = await this.send(register, event, change);
    if (attempt.outcome === 'lost' && !this.stage.cluster.isStopped)
      attempt = await this.send(register, event, change);
    if (attempt.outcome === 'overdue') return register.leave();
    if (attempt.outcome !== 'acknowledged') await this.untilSettled(attempt.node);
    register.isBusy = false;
  }

  /** One attempt at the version that `event` began. */
  async send(register: Register, event: WriteEvent, change: Change, isRepeated = false): Promise<Attempt> {
    const attempt = await this.attempt(change, isRepeated);
    event.by = `${event.by} ${attempt.node.replica.name}`.trim();
    if (attempt.outcome === 'acknowledged') register.acknowledge(event, this.stage.timeline.tick());
    else register.fail(event, attempt.outcome === 'refused' ? 'refused' : 'unknown');
    return attempt;
  }

  /** Resolves when nothing that `node` began can still happen. */
  async untilSettled(node: Node): Promise<void> {
    while (this.stage.trouble.isNow(node)) await sleep(100);
    await this.settlement.reached();
  }

  private async attempt(change: Change, isRepeated: boolean): Promise<Attempt> {
    const { clients, random, activeFaults, writes } = this.stage;
    const node = random.pick(await this.untilReachable());
    const beganMs = performance.now();
    const faults = new Set(activeFaults);
    try {
      const answer = await clients.get(node)!.ask(changeText(change));
      const settled = isRepeated ? settledBy(answer.status) : undefined;
      const outcome = settled ?? this.outcomeOf(answer, node, beganMs, change);
      if (outcome === 'acknowledged') {
        writes.acknowledged += 1;
        writes.note(performance.now() - beganMs, new Set([...faults, ...activeFaults]));
      }
      return { outcome, answer, node };
    } catch (error) {
      return { outcome: this.outcomeOfLoss(error as Error, node, change), node };
    }
  }

  private async untilReachable(): Promise<Node[]> {
    const { cluster } = this.stage;
    while (cluster.reachable.length === 0 && !cluster.isStopped) await sleep(20);
    return cluster.isStopped ? [...cluster.nodes] : cluster.reachable;
  }

  private outcomeOf({ status, body }: Answer, node: Node, beganMs: number, change: Change): Outcome {
    const { trouble, writes, judge } = this.stage;
    if (status >= 200 && status < 300) return 'acknowledged';
    if (status === 503 && trouble.wasWithin(node, beganMs, performance.now())) {
      writes.unknown += 1;
      return 'unknown';
    }
    const code = /"code":"([^"]+)"/.exec(body.toString())?.[1] ?? 'no problem document';
    judge.countError(`${nameOf(change)} is ${status} ${code}`);
    return status === 503 ? 'unknown' : 'refused';
  }

  private outcomeOfLoss(error: Error, node: Node, change: Change): Outcome {
    const { writes, judge } = this.stage;
    const { state } = node.replica;
    writes.unknown += 1;
    if (error instanceof ConnectionLost && state !== 'up' && state !== 'frozen') return 'lost';
    judge.countError(`${nameOf(change)}: ${error.message}`);
    return error instanceof AnswerOverdue ? 'overdue' : 'unknown';
  }
}

const settledBy = (status: number): Outcome | undefined =>
  SETTLED.has(status) ? 'settled' : status === IN_FLIGHT ? 'unknown' : undefined;

const nameOf = ({ method, path }: Change): string => `${method} ${path.replace(/-\d+|\d+/g, '#')}`;
