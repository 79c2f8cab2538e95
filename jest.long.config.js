// Tests that take minutes: rolls behind a proxy, memory over a million requests, the features in the split shape. Run by
// `npm run test:long`, one file at a time.
import { split, whole } from './jest.config.js';

/**
 * Tests that use the features from outside. The other tests in these folders start their own processes or both sides, or
 * add routes that would exist on both sides.
 */
const IN_BOTH_SHAPES = [
  '{accounts,blog,cdn}/*.test.ts',
  'webhooks/{documented-receiver,guard,log,manage,retry,sources,tell}.test.ts',
  'cache/{headers.test,open-loop.redis}.ts',
  '{client,former-addresses,server,site}.test.ts',
];

export default {
  projects: [
    { ...whole, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.ts'] },
    { ...split, testMatch: IN_BOTH_SHAPES.map((path) => `<rootDir>/test/${path}`) },
  ],
  testTimeout: 60_000,
  maxWorkers: 1,
};
