import { Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/transfer/random.js';
import type { Inkwell } from '../support/start-inkwell.js';
import { ask, keepingAlive, type WireAnswer } from '../support/wire.js';

/** Something that is written over and over, each time with the next revision. */
export interface Thing {
  readonly name: string;
  /** Writes revision `k`, which is 1 the first time. */
  readonly write: (k: number) => Promise<WireAnswer>;
}

/** The state of one thing that an answer shows. */
export interface Claim {
  readonly thing: Thing;
  /** Could the answer have been made when the thing was at revision `k`? */
  readonly isOf: (answer: WireAnswer, k: number) => boolean;
}

export interface Probe {
  /** @param revision returns the last acknowledged revision of a thing */
  readonly path: (revision: (thing: Thing) => number) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims: readonly Claim[];
}

interface Revisions {
  begun: number;
  acknowledged: number;
}

export interface Rates {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly ms: number;
}

const MAX_IN_FLIGHT = 400;

/** Results of some queries come late, as from a busy network, so that writes overtake loads that have already read. */
export function holdReplies(on: Inkwell, random: Random, maxMs: number): void {
  for (const app of on.apps) {
    const pool = app.get(Pool);
    const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(pool, {
      query: async (...given: unknown[]) => {
        const result = await query(...given);
        if (random.chance(0.4)) await sleep(random.next() * maxMs);
        return result;
      },
    });
  }
}

/** Reads and writes that arrive at random times, whether or not earlier ones have been answered. */
export class OpenLoop {
  private readonly revisions = new Map<Thing, Revisions>();
  private readonly writing = new Set<Thing>();
  private readonly inFlight = new Set<Promise<void>>();
  readonly violations: string[] = [];
  reads = 0;
  writes = 0;

  constructor(
    private readonly on: Inkwell,
    private readonly random: Random,
    private readonly things: readonly Thing[],
    private readonly probes: readonly Probe[],
  ) {
    for (const thing of things) this.revisions.set(thing, { begun: 0, acknowledged: 0 });
  }

  async run({ readsPerSecond, writesPerSecond, ms }: Rates): Promise<void> {
    const until = performance.now() + ms;
    await Promise.all([
      this.arrivals(until, readsPerSecond, () => this.read(this.random.pick(this.probes))),
      this.arrivals(until, writesPerSecond, () => this.write(this.random.pick(this.things))),
    ]);
    await Promise.all(this.inFlight);
  }

  /** Exponential gaps: a Poisson process. */
  private async arrivals(until: number, perSecond: number, arrive: () => Promise<void>): Promise<void> {
    for (let due = performance.now(); due < until;) {
      due += (-Math.log(1 - this.random.next()) * 1000) / perSecond;
      const waitMs = due - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      if (this.inFlight.size < MAX_IN_FLIGHT) this.launch(arrive());
    }
  }

  private launch(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) => void this.violations.push(String(error)))
      .finally(() => this.inFlight.delete(tracked));
    this.inFlight.add(tracked);
  }

  /** One write per thing at a time, because otherwise their order is unknown. */
  private async write(thing: Thing): Promise<void> {
    if (this.writing.has(thing)) return;
    this.writing.add(thing);
    const revisions = this.revisions.get(thing)!;
    revisions.begun += 1;
    const { status } = await thing.write(revisions.begun);
    if (status >= 300)
      throw new Error(`Revision ${revisions.begun} of ${thing.name} was answered with ${status}`);
    revisions.acknowledged = revisions.begun;
    this.writes += 1;
    this.writing.delete(thing);
  }

  private async read({ path: pathOf, headers = {}, claims }: Probe): Promise<void> {
    const revision = (thing: Thing): number => this.revisions.get(thing)!.acknowledged;
    const path = pathOf(revision);
    const from = new Map(claims.map(({ thing }) => [thing, revision(thing)]));
    const answer = await ask(this.on, path, headers, 'GET', keepingAlive);
    this.reads += 1;
    for (const { thing, isOf } of claims) {
      const [oldest, newest] = [from.get(thing)!, this.revisions.get(thing)!.begun];
      const candidates = Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i);
      if (candidates.some((k) => isOf(answer, k))) continue;
      const answered = `${answer.status} ${String(answer.headers['cache-status'])} ${answer.body.toString().slice(0, 500)}`;
      this.violations.push(`${thing.name} at ${oldest} to ${newest}: GET ${path} is ${answered}`);
    }
  }
}
