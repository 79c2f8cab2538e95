// What takes minutes: rolls behind a proxy, memory over a million requests, the features in the split shape. Run by
// `npm run test:long`, one file at a time.
import { split, whole } from './jest.config.js';

/** They look into one process, count the replicas, or are about connections, which end at the router here. */
const ONE_PROCESS = [
  'accounts/(slow-clients|operators)',
  'blog/(events|idempotency|import-batch|paging|query-plans)',
];

export default {
  projects: [
    { ...whole, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.ts'] },
    {
      ...split,
      testMatch: ['<rootDir>/test/{accounts,blog}/*.test.ts'],
      testPathIgnorePatterns: ONE_PROCESS.map((path) => `<rootDir>/test/${path}\\.test\\.ts$`),
    },
  ],
  testTimeout: 60_000,
  maxWorkers: 1,
};
