import { describe, expect, it } from '@jest/globals';
import { Config, environmentSchema, InvalidConfiguration, PRODUCTION_DEFAULTS } from './config.js';

const SECRET = 'a-signing-key-of-thirty-two-bytes';
const SIDE = { DATABASE_URL: 'postgres://u:p@db/inkwell', AUTH_SECRET: SECRET, INTERNAL_TOKEN: SECRET };

describe('environmentSchema', () => {
  it.each(Object.entries(environmentSchema.shape))('says what %s is for', (_name, schema) => {
    expect(schema.description).toMatch(/\.$/);
  });
});

describe('Config.from', () => {
  it('has a default for everything that a development instance needs', () => {
    expect(Config.from({})).toMatchObject({
      nodeEnv: 'development',
      port: 3000,
      host: '0.0.0.0',
      dataDir: '.data',
      databasePoolMin: 10,
      databasePoolMax: 50,
      defaultRole: 'author',
      rateLimitLogin: 5,
      rateLimitRegister: 20,
      rateLimitVerify: 30,
      allowedOrigins: [],
      trustedProxies: [],
      welcome: true,
      shutdownDrainSeconds: 0,
      shutdownDeadlineSeconds: 15,
      logLevel: 'info',
      isProduction: false,
    });
  });

  it('lets new accounts in production read only, unless it is told otherwise', () => {
    const production = { ...SIDE, NODE_ENV: 'production' };
    expect(PRODUCTION_DEFAULTS).toEqual({ DEFAULT_ROLE: 'reader' });
    expect(Config.from(production)).toMatchObject({ defaultRole: 'reader' });
    const opened = { ...production, DEFAULT_ROLE: 'author' };
    expect(Config.from(opened)).toMatchObject({ defaultRole: 'author' });
  });

  it('leaves registration and the settings of the blog to the administrators, unless it fixes them', () => {
    const { registration, siteTitle } = Config.from({ ...SIDE, NODE_ENV: 'production', REGISTRATION: '' });
    expect([registration, siteTitle]).toEqual([undefined, undefined]);
    const fixed = {
      ...{
        REGISTRATION: 'open',
        SITE_TITLE: ' Tea ',
        SITE_POSTS_PER_PAGE: '5',
        SITE_ACCENT_COLOR: '#AA0000',
      },
      SITE_NAVIGATION: '[{"label":"About","url":"/about"}]',
    };
    expect(Config.from(fixed)).toMatchObject({
      ...{ registration: 'open', siteTitle: 'Tea', sitePostsPerPage: 5, siteAccentColor: '#aa0000' },
      siteNavigation: [{ label: 'About', url: '/about' }],
    });
  });

  it('lets an account write fewer than 60 times a minute', () => {
    expect(Config.from({}).rateLimitWrite).toBeLessThan(60);
  });

  it('leaves what has no default undefined', () => {
    const { databaseUrl, redisUrl, authSecret, metricsPort, publicUrl } = Config.from({});
    expect([databaseUrl, redisUrl, authSecret, metricsPort, publicUrl]).toEqual(Array(5).fill(undefined));
  });

  it.each([
    ['PORT', 'http', 'expected a whole number from 0 to 65535, got "http"'],
    ['DATABASE_POOL_MAX', '0', 'expected a whole number from 1 to 1000, got "0"'],
    ['SHUTDOWN_DRAIN_SECONDS', '-1', 'expected a number from 0 to 600, got "-1"'],
    ['LOG_LEVEL', 'loud', 'expected one of fatal, error, warn, info, debug, got "loud"'],
    ['WELCOME', 'yes', 'expected one of 0, 1, true, false, got "yes"'],
    ['PUBLIC_URL', 'blog', 'expected a URL'],
    ['TRUSTED_PROXIES', 'lan', 'must be addresses or CIDRs, such as 10.0.0.0/8, got "lan"'],
    ['ALLOWED_ORIGINS', 'http://a/b', 'must be an origin: scheme://host[:port], got "http://a/b"'],
    [
      'DATABASE_URL',
      'mysql://me:secret@db/x',
      'expected a URL such as postgres://user:password@host:5432/name',
    ],
    ['REDIS_URL', 'cache:6379', 'expected a URL such as redis://host:6379'],
    ['AUTH_SECRET', 'short', 'each key must have at least 32 bytes'],
  ])('says what %s=%s may be instead', (name, value, said) => {
    expect(() => Config.from({ [name]: value })).toThrow(
      new InvalidConfiguration(`Inkwell cannot start: ${name}: ${said}`),
    );
  });

  it('counts an empty value as unset', () => {
    expect(Config.from({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 3000 });
  });

  it('splits lists at commas and ignores the spaces around them', () => {
    const config = Config.from({
      AUTH_SECRET: `${SECRET}-1, ${SECRET}-2`,
      TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8 , 192.0.2.1',
      ALLOWED_ORIGINS: 'https://a.example,http://localhost:5173',
    });
    expect(config.authSecret).toEqual([`${SECRET}-1`, `${SECRET}-2`]);
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', 'fd00::/8', '192.0.2.1']);
    expect(config.allowedOrigins).toEqual(['https://a.example', 'http://localhost:5173']);
  });

  it.each([
    ['false', false],
    ['0', false],
    ['true', true],
    ['1', true],
  ])('reads WELCOME=%s as %s', (value, expected) => {
    expect(Config.from({ WELCOME: value }).welcome).toBe(expected);
  });

  it('lowers the default of DATABASE_POOL_MIN to DATABASE_POOL_MAX', () => {
    expect(Config.from({ DATABASE_POOL_MAX: '4' }).databasePoolMin).toBe(4);
  });

  it.each(['users', 'blog'])('takes ROLE=%s with all that the sides share', (role) => {
    const config = Config.from({ ...SIDE, ROLE: role, USERS_URL: 'http://users:3000' });
    expect(config).toMatchObject({ role, internalToken: SECRET });
  });

  it.each([
    ['DATABASE_URL and AUTH_SECRET and INTERNAL_TOKEN must be set with ROLE=users', { ROLE: 'users' }],
    ['USERS_URL must be set with ROLE=blog', { ...SIDE, ROLE: 'blog' }],
  ])('refuses to start: %s', (message, environment) => {
    expect(() => Config.from(environment)).toThrow(
      new InvalidConfiguration(`Inkwell cannot start: ${message}`),
    );
  });

  it.each<[name: string, environment: Record<string, string>]>([
    ['ROLE', { ROLE: 'posts' }],
    ['USERS_URL', { USERS_URL: 'users:3000' }],
    ['INTERNAL_TOKEN', { INTERNAL_TOKEN: 'too-short' }],
    ['INTERNAL_TOKEN', { INTERNAL_TOKEN: `${SECRET} and spaces` }],
    ['HTTP_POOL_MAX_SOCKETS', { HTTP_POOL_MAX_SOCKETS: '0' }],
    ['HTTP_TIMEOUT_SECONDS', { HTTP_TIMEOUT_SECONDS: '0' }],
    ['NODE_ENV', { NODE_ENV: 'staging' }],
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '3000.5' }],
    ['METRICS_PORT', { METRICS_PORT: '-1' }],
    ['METRICS_PORT', { METRICS_PORT: '3000' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'blog.example' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost/inkwell' }],
    ['DATABASE_POOL_MIN', { DATABASE_POOL_MIN: '20', DATABASE_POOL_MAX: '10' }],
    ['DATABASE_POOL_MAX', { DATABASE_POOL_MAX: '0' }],
    ['REDIS_URL', { REDIS_URL: 'localhost:6379' }],
    ['AUTH_SECRET', { AUTH_SECRET: 'too-short' }],
    ['AUTH_SECRET', { AUTH_SECRET: `${SECRET},short` }],
    ['AUTH_SECRET', { AUTH_SECRET: ',' }],
    ['DEFAULT_ROLE', { DEFAULT_ROLE: 'admin' }],
    ['REGISTRATION', { REGISTRATION: 'invited' }],
    ['SITE_TITLE', { SITE_TITLE: ' ' }],
    ['SITE_TITLE', { SITE_TITLE: 'two\nlines' }],
    ['SITE_LANGUAGE', { SITE_LANGUAGE: 'de' }],
    ['SITE_TIME_ZONE', { SITE_TIME_ZONE: 'Mars/Olympus' }],
    ['SITE_POSTS_PER_PAGE', { SITE_POSTS_PER_PAGE: '101' }],
    ['SITE_ACCENT_COLOR', { SITE_ACCENT_COLOR: 'blue' }],
    ['SITE_NAVIGATION', { SITE_NAVIGATION: 'About' }],
    ['SITE_NAVIGATION', { SITE_NAVIGATION: '[{"label":"About","url":"javascript:alert(1)"}]' }],
    ['RATE_LIMIT_WRITE', { RATE_LIMIT_WRITE: '0' }],
    ['RATE_LIMIT_LOGIN', { RATE_LIMIT_LOGIN: '0' }],
    ['RATE_LIMIT_REGISTER', { RATE_LIMIT_REGISTER: 'none' }],
    ['RATE_LIMIT_VERIFY', { RATE_LIMIT_VERIFY: '1.5' }],
    ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://a.example/path' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'proxy.internal' }],
    ['WELCOME', { WELCOME: 'yes' }],
    ['WEBHOOKS_ALLOW_PRIVATE', { WEBHOOKS_ALLOW_PRIVATE: 'maybe' }],
    ['CDN_PURGE_PROVIDER', { CDN_PURGE_PROVIDER: 'akamai' }],
    ['CDN_PURGE_PROVIDER=fastly needs', { CDN_PURGE_PROVIDER: 'fastly', CDN_PURGE_ZONE: 'x' }],
    ['CDN_PURGE_PROVIDER=cloudflare needs CDN_PURGE_ZONE and', { CDN_PURGE_PROVIDER: 'cloudflare' }],
    ['CDN_PURGE_PROVIDER=generic needs', { CDN_PURGE_PROVIDER: 'generic' }],
    ['CDN_PURGE_TOKEN without', { CDN_PURGE_TOKEN: 'x' }],
    ['CDN_PURGE_TOKEN', { CDN_PURGE_TOKEN: 'two words' }],
    ['CDN_PURGE_URL', { CDN_PURGE_PROVIDER: 'generic', CDN_PURGE_URL: 'cdn.internal' }],
    ['SHUTDOWN_DRAIN_SECONDS', { SHUTDOWN_DRAIN_SECONDS: '-1' }],
    ['SHUTDOWN_DEADLINE_SECONDS', { SHUTDOWN_DEADLINE_SECONDS: '0' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['DATABASE_URL', { NODE_ENV: 'production', AUTH_SECRET: SECRET }],
    ['AUTH_SECRET', { NODE_ENV: 'production', DATABASE_URL: 'postgres://u:p@db/inkwell' }],
  ])('refuses with one line that names %s: %j', (name, environment) => {
    expect(() => Config.from(environment)).toThrow(InvalidConfiguration);
    expect(() => Config.from(environment)).toThrow(new RegExp(`^Inkwell cannot start: ${name}\\b[^\\n]+$`));
  });

  it('never repeats a secret in its refusal', () => {
    expect(() => Config.from({ AUTH_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });
});

describe('Config.with', () => {
  it('replaces some settings and keeps the rest', () => {
    const config = Config.from({ PORT: '4000' });
    expect(config.with({ databaseUrl: 'postgres://db/x' })).toMatchObject({
      port: 4000,
      databaseUrl: 'postgres://db/x',
    });
    expect(config.databaseUrl).toBeUndefined();
  });
});
