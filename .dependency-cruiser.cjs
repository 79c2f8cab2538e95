// The five rules of the house: see docs/architecture.md.
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
    {
      name: 'one-door-to-redis',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/redis/' },
      to: { path: 'node_modules/ioredis/' },
    },
    {
      name: 'one-door-to-prometheus',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/metrics/' },
      to: { path: 'node_modules/(prom-client|@willsoto/nestjs-prometheus)/' },
    },
    {
      name: 'typeorm-only-where-data-is-kept',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/platform/database/',
          '\\.(entity|service|module|queries|migration|store|repository)\\.ts$',
        ],
      },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
  },
};
