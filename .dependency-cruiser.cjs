// Rules 1 to 5 of docs/architecture.md. They hold for unit specs too. scripts/architecture checks rules 6 and 7.

const isPackage = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;

/** One door per technology: only `door` may import the packages. */
const oneDoor = (name, door, ...packages) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: door },
  to: { path: isPackage(...packages) },
});

module.exports = {
  forbidden: [
    { name: 'no-circular-imports', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: ['^src/platform/', '^src/config\\.ts$'] },
    },
    {
      name: 'features-meet-at-the-front-door',
      severity: 'error',
      from: { path: '^src/(?!platform/|cli/)([^/]+)/' },
      to: {
        path: '^src/(?!platform/)([^/]+)/',
        pathNot: ['^src/$1/', '\\.(module|service|entity|events|guard)\\.ts$'],
      },
    },
    {
      name: 'one-composition-root',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/main\\.ts$', '^src/cli/'] },
      to: { path: '^src/app\\.module\\.ts$' },
    },
    oneDoor('one-door-to-redis', '^src/platform/redis/', 'ioredis'),
    oneDoor('one-door-to-http', '^src/platform/http/', 'axios', '@nestjs/axios', 'undici'),
    oneDoor('one-door-to-prometheus', '^src/platform/metrics/', 'prom-client', '@willsoto/nestjs-prometheus'),
    oneDoor('one-door-to-opentelemetry', '^src/platform/traces/', '@opentelemetry'),
    oneDoor(
      'typeorm-only-where-data-is-kept',
      [
        '^src/platform/(database|outbox)/',
        '\\.(entity|service|module|queries|migration|store|repository)\\.ts$',
      ],
      'typeorm',
      '@nestjs/typeorm',
    ),
    {
      name: 'browsers-and-server-share-no-code',
      severity: 'error',
      from: { path: '^src/studio/client/' },
      to: { path: '^src/', pathNot: '^src/studio/client/' },
    },
    {
      name: 'server-imports-nothing-of-the-browser',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/studio/client/' },
      to: { path: '^src/studio/client/' },
    },
    // An import that cannot be followed would slip through every rule above.
    { name: 'no-unresolvable-imports', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-package-at-run-time',
      severity: 'error',
      // What browsers run is bundled.
      from: { path: '^src/', pathNot: ['\\.spec\\.ts$', '^src/studio/client/'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
