import { redisAtHand } from './test/support/redis-server.ts';

// Native ESM, which Nest 12 is. The set-up file loads the ESM packages before any CommonJS one requires them.
const native = {
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  // Test builds and compiled tools carry copies of what is here.
  modulePathIgnorePatterns: ['<rootDir>/.cache/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        swcrc: false,
      },
    ],
  },
  setupFiles: ['<rootDir>/test/support/load-esm-first.js'],
};

const unit = {
  ...native,
  displayName: 'unit',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  setupFiles: ['<rootDir>/test/support/load-nest-first.js'],
};

export const whole = {
  ...native,
  displayName: 'whole',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/start-services.js',
  globalTeardown: '<rootDir>/test/support/stop-services.js',
  setupFilesAfterEnv: ['<rootDir>/test/support/forget-limits.js'],
};

/** Tests that need Redis. Some also need the `redis-server` program, to kill it. The other projects pass without either. */
const redis = {
  ...whole,
  displayName: 'redis',
  testMatch: {
    program: ['<rootDir>/test/**/*.{redis,redis-server}.ts'],
    address: ['<rootDir>/test/**/*.redis.ts'],
    none: [],
  }[redisAtHand()],
};

/** Tests that need HAProxy or Prometheus, which no npm package provides: `npm run test:operate`. */
const operate = {
  ...whole,
  displayName: 'operate',
  testMatch: process.env.TEST_OPERATE === 'true' ? ['<rootDir>/test/**/*.operate.ts'] : [],
};

/** Tests in a real Chromium: `npm run test:browser`. */
const browser = {
  ...whole,
  displayName: 'browser',
  testMatch: process.env.TEST_BROWSER === 'true' ? ['<rootDir>/test/**/*.browser.ts'] : [],
};

/** The tests of both features once more, against accounts and blog in applications of their own. */
export const split = {
  ...whole,
  displayName: 'split',
  setupFiles: ['<rootDir>/test/support/split-shape-first.js', ...native.setupFiles],
};

/** The subset of them that every run includes. `npm run test:long` runs all of them. */
const splitEachTime = {
  ...split,
  testMatch: ['<rootDir>/test/accounts/account-removal.test.ts', '<rootDir>/test/blog/get-post.test.ts'],
};

export default {
  projects: [
    unit,
    whole,
    ...[redis, operate, browser].filter(({ testMatch }) => testMatch.length > 0),
    splitEachTime,
  ],
  testSequencer: '<rootDir>/test/support/slowest-first.js',
  // Ends a test that hangs. No test here is about time, and a busy machine is slow.
  testTimeout: 120_000,
};
