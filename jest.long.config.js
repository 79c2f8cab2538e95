// What takes minutes: rolls behind a proxy, memory over a million requests, the features in the split shape. Run by
// `npm run test:long`, one file at a time.
import { split, whole } from './jest.config.js';

export default {
  projects: [
    { ...whole, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.ts'] },
    { ...split, testMatch: ['<rootDir>/test/{accounts,blog}/*.test.ts'] },
  ],
  testTimeout: 60_000,
  maxWorkers: 1,
};
