// What takes minutes: rolls behind a proxy, memory over a million requests. Run by `npm run test:long`, one file at a time.
import { whole } from './jest.config.js';

export default {
  ...whole,
  displayName: 'long',
  testMatch: ['<rootDir>/test/**/*.long.ts'],
  testTimeout: 60_000,
  maxWorkers: 1,
};
