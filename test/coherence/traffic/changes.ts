import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../cluster/cluster.js';
import type { Answer } from '../http/answer-parser.js';
import { AnswerOverdue, ConnectionLost } from '../http/connection.js';
import { type Change, changeText } from '../http/request-text.js';
import type { Histories } from '../history/histories.js';
import type { Register, WriteEvent } from '../history/register.js';
import { Settlement } from './settlement.js';
import type { Stage } from './stage.js';

/**
 * `lost`: its replica was killed. `unknown`: 503 while PostgreSQL was away. `settled`: when repeated, it had happened
 * already. `overdue`: not answered, an error of the run; it may still happen at any time. `refused`: another error.
 */
export type Outcome = 'acknowledged' | 'lost' | 'unknown' | 'settled' | 'overdue' | 'refused';

/**
 * Statuses of a repeated request that has happened already: what it deletes is gone, or the session it ends has ended.
 */
const SETTLED: ReadonlySet<number> = new Set([401, 404]);
/** The first attempt with this Idempotency-Key is still running. */
const IN_FLIGHT = 409;

export interface Attempt {
  readonly outcome: Outcome;
  readonly answer?: Answer;
  readonly node: Node;
}

/** Sends writes, and records their results. */
export class Changes {
  private readonly settlement: Settlement;

  constructor(
    private readonly stage: Stage,
    private readonly histories: Histories,
  ) {
    this.settlement = new Settlement(stage.cluster.postgres);
  }

  /**
   * Writes the next version of a register. If the replica dies meanwhile, it repeats the request at another one at
   * once, like a client.
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

  /** One attempt at the version of `event`. */
  async send(register: Register, event: WriteEvent, change: Change, isRepeated = false): Promise<Attempt> {
    const attempt = await this.attempt(register, change, isRepeated);
    event.by = `${event.by} ${attempt.node.replica.name}`.trim();
    if (attempt.outcome === 'acknowledged') this.acknowledged(register, event);
    else register.fail(event, attempt.outcome === 'refused' ? 'refused' : 'unknown');
    return attempt;
  }

  private acknowledged(register: Register, event: WriteEvent): void {
    const moment = this.stage.timeline.tick();
    if (register.acknowledge(event, moment) && register.lasts) this.histories.acknowledgedAt(moment);
  }

  /** Resolves when nothing that `node` started can still happen. */
  async untilSettled(node: Node): Promise<void> {
    while (this.stage.trouble.isNow(node)) await sleep(100);
    await this.settlement.reached();
  }

  private async attempt(register: Register, change: Change, isRepeated: boolean): Promise<Attempt> {
    const { clients, random, activeFaults, writes } = this.stage;
    const node = random.pick(await this.untilReachable());
    const beganMs = performance.now();
    const faults = new Set(activeFaults);
    try {
      const answer = await clients.get(node)!.ask(changeText(change));
      if (register.isAbandoned) return { outcome: 'settled', answer, node };
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
