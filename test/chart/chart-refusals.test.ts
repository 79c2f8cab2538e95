import { beforeAll, describe, expect, it } from '@jest/globals';
import { environmentSchema } from '../../src/config.js';
import { template } from './chart.js';
import { provideHelm, PROVIDING_MS } from './provide-helm.js';

beforeAll(() => {
  provideHelm(4);
}, PROVIDING_MS);

describe('helm/inkwell', () => {
  it.each<[what: string, name: string, settings: string[], message: RegExp]>([
    ['an unknown key', 'bare', ['replicas=3'], /additional propert(y|ies) 'replicas' not allowed/i],
    ['an unknown key inside', 'bare', ['postgresql.pool.maximum=3'], /'maximum' not allowed/],
    ['an unknown variable', 'bare', ['config.LOG_LEVLE=debug'], /'LOG_LEVLE' not allowed/],
    ['a secret among the variables', 'bare', ['config.AUTH_SECRET=x'], /'AUTH_SECRET' not allowed/],
    ['a value of another type', 'bare', ['metrics.port=http'], /got string, want integer/],
    ['an unknown mode', 'bare', ['postgresql.mode=bitnami'], /postgresql\/mode/],
    ['a name that is none', 'bare', ['fullnameOverride=Blog_1'], /fullnameOverride/],
    ['the metrics at the port of the blog', 'bare', ['metrics.port=3000'], /metrics\/port/],
    [
      'no database',
      'bare',
      ['postgresql.external.existingSecret='],
      /postgresql\.external\.existingSecret must name/,
    ],
    ['no Redis', 'bare', ['redis.mode=external'], /redis\.external\.existingSecret must name/],
    ['no signing keys', 'bare', ['auth.existingSecret='], /auth\.existingSecret must name/],
    ['no token between the sides', 'split', ['split.existingSecret='], /split\.existingSecret must name/],
    ['a CDN without a token', 'external', ['cdn.existingSecret='], /cdn\.existingSecret must name/],
    ['a CDN without its zone', 'external', ['cdn.zone='], /cdn\.zone must be/],
    ['a CDN without an address', 'split', ['cdn.url='], /cdn\.url must say/],
    ['the settings of no CDN', 'external', ['cdn.provider='], /cdn\.provider must say/],
    ['a CDN that is none', 'external', ['cdn.provider=akamai'], /cdn\/provider/],
    ['an address of a CDN among the variables', 'bare', ['config.CDN_PURGE_URL=x'], /'CDN_PURGE_URL' not/],
    ['a share of traces above 1', 'bare', ['traces.ratio=2'], /traces\/ratio/],
    ['an ingress without trusted proxies', 'bare', ['ingress.enabled=true'], /trustedProxies must list/],
    ['a route without trusted proxies', 'bare', ['httpRoute.enabled=true'], /trustedProxies must list/],
    ['a route without a gateway', 'cloudnative-pg', ['httpRoute.parentRefs=null'], /parentRefs/],
    [
      'more sessions than PostgreSQL takes',
      'external',
      ['postgresql.maxConnections=87'],
      /7 replicas .* with 12 database sessions each .* open 84, but .*\(87\) less .*\(4\) leaves 83/,
    ],
    ['more sessions in two Deployments', 'split', ['postgresql.pool.max=11'], /8 replicas .* 13 .* open 104/],
    [
      'a pool with more connections kept than allowed',
      'bare',
      ['postgresql.pool.min=11'],
      /pool\.min \(11\)/,
    ],
    [
      'too short a grace period',
      'external',
      ['terminationGracePeriodSeconds=27'],
      /terminationGracePeriodSeconds \(27\) is less than .* \(28\)/,
    ],
    ['a longer drain than the grace period', 'external', ['shutdown.drainSeconds=8'], /less than .* \(31\)/],
    ['fewer replicas at most than at least', 'external', ['autoscaling.minReplicas=7'], /minReplicas \(7\)/],
    ['a variable out of bounds', 'bare', ['config.RATE_LIMIT_LOGIN=0'], /RATE_LIMIT_LOGIN/],
    ['a number in quotes', 'external', ['config.CACHE_MAX_BYTES=many'], /CACHE_MAX_BYTES.*want integer/s],
    ['a word that is none of the choices', 'bare', ['config.LOG_LEVEL=verbose'], /LOG_LEVEL/],
    ['a list with something else in it', 'bare', ['config.ALLOWED_ORIGINS=*'], /ALLOWED_ORIGINS/],
    ['an address that is none', 'bare', ['publicUrl=https://'], /publicUrl/],
    [
      'a label by which the chart finds its pods',
      'bare',
      [String.raw`podLabels.app\.kubernetes\.io/name=x`],
      /podLabels may not set app\.kubernetes\.io\/name/,
    ],
    ['a label that is none', 'bare', ['commonLabels.team=a b'], /commonLabels/],
    ['a variable twice', 'bare', ['extraEnv[0].name=PORT'], /extraEnv sets PORT, which is set already/],
    [
      'less memory than the cache and the process take',
      'external',
      ['resources.limits.memory=272Mi'],
      /memory limit of release-inkwell \(272Mi\) is less than CACHE_MAX_BYTES \(128 MiB\) and the 145 MiB/,
    ],
    ['a side with too little', 'split', ['split.users.resources.limits.memory=0.2Gi'], /limit of blog-users/],
    [
      'an autoscaler without what it measures by',
      'external',
      ['resources.requests.cpu=null'],
      /resources\.requests\.cpu of release-inkwell must be set/,
    ],
    [
      'a startup probe that ends the wait for PostgreSQL',
      'openshift',
      ['probes.startup.failureThreshold=119'],
      /probes\.startup kills a replica after 595 s, .* STARTUP_DEADLINE_SECONDS \(600\)/,
    ],
    ['a probe of another path', 'bare', ['probes.liveness.path=/'], /'path' not allowed/],
    [
      'backups of a Cluster that is not the chart’s',
      'cloudnative-pg',
      ['postgresql.cloudnativePg.existingCluster=shared'],
      /scheduledBackup are of the Cluster that the chart makes/,
    ],
    [
      'a schedule of five fields',
      'cloudnative-pg',
      ['postgresql.cloudnativePg.scheduledBackup.schedule=0 2 * * *'],
      /schedule/,
    ],
  ])('refuses %s', (_, name, settings, message) => {
    const { status, stderr } = template(4, name, settings);
    expect(stderr).toMatch(message);
    expect(status).not.toBe(0);
  });

  it('counts the sessions of as many replicas as there can be', () => {
    expect(template(4, 'external', ['postgresql.maxConnections=88']).status).toBe(0);
    expect(template(4, 'split', ['postgresql.maxConnections=100']).status).toBe(0);
    expect(template(4, 'split', ['postgresql.maxConnections=99']).status).not.toBe(0);
  });

  it('counts the memory of the cache that the process would have, to the byte', () => {
    const cacheBytes = environmentSchema.shape.CACHE_MAX_BYTES.parse(undefined);
    const least = cacheBytes + 145 * 2 ** 20;
    expect(template(4, 'bare', [`resources.limits.memory=${least}`]).status).toBe(0);
    expect(template(4, 'bare', [`resources.limits.memory=${least - 1}`]).status).not.toBe(0);
    expect(template(4, 'bare', ['resources.limits=null']).status).toBe(0);
  });

  it('waits for PostgreSQL by default as long as the process does', () => {
    const seconds = environmentSchema.shape.STARTUP_DEADLINE_SECONDS.parse(undefined);
    const patience = (each: number): number | null =>
      template(4, 'bare', ['probes.startup.periodSeconds=1', `probes.startup.failureThreshold=${each}`])
        .status;
    expect([patience(seconds), patience(seconds - 1)]).toEqual([0, 1]);
  });
});
