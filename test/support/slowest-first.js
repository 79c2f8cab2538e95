import { createRequire } from 'node:module';

/** Jest's own, which comes with it. */
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Files that take 20 s or more. A file that is missing here costs a few seconds at the end of a run. */
const SLOWEST = [
  'coherence/directed.redis-server',
  'coherence/coherence.redis-server',
  'cache/memory.test',
  'operate/roll.operate',
  'chart/dashboard.operate',
  'cache/differential.redis',
  'transfer/import-command.test',
  'coherence/switches.redis-server',
  'cache/bad-weather.redis-server',
  'cache/every-route.redis-server',
  'webhooks/survive.test',
  'start.test',
  'transfer/generated-blogs.test',
  'processes.test',
  'database/unknown-outcome.test',
  'health.redis',
];

const rankOf = ({ path }) => {
  const rank = SLOWEST.findIndex((name) => path.endsWith(`/test/${name}.ts`));
  return rank === -1 ? SLOWEST.length : rank;
};

/** Jest begins with what took longest the last time. In a new checkout it knows none of that, and a long one would come last. */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
