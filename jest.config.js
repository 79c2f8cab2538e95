// Native ESM: FINDINGS for Jest 30 with Nest 12. The set-up file loads the ESM packages before any CommonJS one requires them.
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

export const whole = {
  ...native,
  displayName: 'whole',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/start-services.js',
  globalTeardown: '<rootDir>/test/support/stop-services.js',
};

/** The tests of both features once more, against accounts and blog in applications of their own. */
export const split = {
  ...whole,
  displayName: 'split',
  setupFiles: ['<rootDir>/test/support/split-shape-first.js', ...native.setupFiles],
};

/** Of those, what is run each time; `npm run test:long` runs all of them. */
const splitEachTime = {
  ...split,
  testMatch: ['<rootDir>/test/accounts/account-removal.test.ts', '<rootDir>/test/blog/get-post.test.ts'],
};

export default {
  projects: [
    { ...native, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    whole,
    splitEachTime,
  ],
  testTimeout: 30_000,
};
