import { ratioOf, type Spread, spreadOf } from '../report/statistics.js';
import type { Sample } from './measure.js';
import type { Subject } from './scenario.js';
import { BARE, COOKIE_HIT, HIT, MISS, REDIS_HIT, STOCK_MEMORY, STOCK_REDIS } from './scenarios.js';

/** The limit of a ratio of CPU per request, or, without `over`, of CPU µs per request. */
interface Goal {
  readonly subject: Subject;
  readonly of: string;
  readonly over?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const GOALS: readonly Goal[] = [
  { subject: 'list', of: HIT, over: BARE, atMost: 1.15 },
  { subject: 'post', of: HIT, over: BARE, atMost: 1.15 },
  // A signed-in reader costs what everybody else costs.
  { subject: 'list', of: COOKIE_HIT, over: HIT, atMost: 1.05 },
  { subject: 'list', of: STOCK_MEMORY, over: HIT, atLeast: 3.5 },
  { subject: 'list', of: STOCK_REDIS, over: HIT, atLeast: 4.5 },
  { subject: 'post', of: STOCK_MEMORY, over: HIT, atLeast: 3 },
  { subject: 'post', of: STOCK_REDIS, over: HIT, atLeast: 3 },
  { subject: 'list', of: REDIS_HIT, atMost: 75 },
  { subject: 'list', of: MISS, atMost: 120 },
  { subject: 'post', of: MISS, atMost: 105 },
];

/** The samples of one scenario, one per round. */
export interface Series {
  readonly subject: Subject;
  readonly name: string;
  readonly samples: readonly Sample[];
}

export interface Verdict {
  readonly goal: Goal;
  readonly measured: Spread;
  readonly isMet: boolean;
}

/** Compares medians. Goals whose scenarios did not run are left out. */
export function judge(all: readonly Series[]): Verdict[] {
  return GOALS.flatMap((goal) => {
    const above = cpuOf(all, goal.subject, goal.of);
    const below = goal.over === undefined ? undefined : cpuOf(all, goal.subject, goal.over);
    if (above === undefined) return [];
    const measured = below === undefined ? spreadOf(above) : ratioOf(above, below);
    const { atMost = Infinity, atLeast = 0 } = goal;
    return [{ goal, measured, isMet: measured.median <= atMost && measured.median >= atLeast }];
  });
}

const cpuOf = (all: readonly Series[], subject: Subject, name: string): number[] | undefined =>
  all
    .find((series) => series.subject === subject && series.name === name)
    ?.samples.map((sample) => sample.cpuMicros);
