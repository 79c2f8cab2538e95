import { z } from 'zod';
import { expectedValue } from './expected-value.js';
import { cacheEnvironment } from './platform/cache/cache-settings.js';
import { cdnEnvironment, cdnProblemOf } from './platform/cdn/cdn-settings.js';
import { httpEnvironment } from './platform/http/http-settings.js';
import { rateLimitEnvironment } from './platform/rate-limits/rate-limit-settings.js';
import { setupEnvironment } from './studio/setup/setup-environment.js';
import { siteEnvironment } from './settings/site-environment.js';

/** SHOUTING_SNAKE_CASE → camelCase: `DATABASE_POOL_MAX` is read as `config.databasePoolMax`. */
type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

const port = z.coerce.number().int().min(0).max(65_535);
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const origin = z
  .url()
  .refine((value) => new URL(value).origin === value, 'must be an origin: scheme://host[:port]');

/** All environment variables. `Config` and docs/configuration.md are derived from them. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe(
      '`production` refuses embedded servers and generated secrets, closes registration unless told otherwise, and logs JSON lines.',
    ),
  ROLE: z
    .enum(['all', 'users', 'blog'])
    .default('all')
    .describe(
      'What this process serves: `users` serves accounts, `blog` serves posts and pages and asks `USERS_URL` about accounts, `all` serves everything. All processes share one database.',
    ),
  USERS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Origin of the processes with `ROLE=users`. Required for `ROLE=blog`, and used only there.'),
  INTERNAL_TOKEN: z
    .string()
    .refine((token) => Buffer.byteLength(token) >= 32, 'it must have at least 32 bytes')
    .regex(/^[\x21-\x7e]*$/, 'it must be of printable ASCII, without spaces')
    .optional()
    .describe(
      'Secret with which the two sides authenticate to each other, at least 32 bytes. Required for `ROLE=users` and `ROLE=blog`.',
    ),
  PORT: port.default(3000).describe('Port to listen on; 0 takes a free one.'),
  METRICS_PORT: port
    .optional()
    .describe(
      'Separate port for `/metrics`, which is then served only there. Default: `/metrics` is served at `PORT`.',
    ),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on.'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe('Public address of the blog, used in links. Without it, links name no host.'),
  DATA_DIR: z
    .string()
    .default('.data')
    .describe('Folder of the embedded database and of the secret generated in development.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'PostgreSQL 15 or newer, as `postgres://user:password@host:5432/name`. Default: an embedded PostgreSQL 18.',
    ),
  MAX_CONNECTIONS: count(16, 100_000)
    .default(4_000)
    .describe('Maximum number of client connections. It is lower if the process may not open as many files.'),
  MAX_CONNECTIONS_PER_ADDRESS: count(1, 100_000)
    .default(256)
    .describe(
      'Maximum number of connections per client address. It does not apply to `TRUSTED_PROXIES` and to this machine.',
    ),
  DATABASE_POOL_MIN: count(0, 1000)
    .default(10)
    .describe(
      'Database connections that are always kept open. The default is never more than `DATABASE_POOL_MAX`.',
    ),
  DATABASE_POOL_MAX: count(1, 1000)
    .default(50)
    .describe('Maximum number of open database connections. The embedded server gets a smaller pool (20).'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Redis or Valkey, `redis://` or `rediss://`. Without it, PostgreSQL counts rate limits.'),
  AUTH_SECRET: list
    .pipe(
      z
        .array(
          z.string().refine((key) => Buffer.byteLength(key) >= 32, 'each key must have at least 32 bytes'),
        )
        .min(1),
    )
    .optional()
    .describe(
      'Keys for access tokens, at least 32 bytes each, comma-separated. The first key signs, and all of them verify. In development, a key is generated.',
    ),
  ...siteEnvironment,
  ...setupEnvironment,
  DEFAULT_ROLE: z
    .enum(['reader', 'author'])
    .default('author')
    .describe('Role of a new account. Readers cannot write.'),
  ...rateLimitEnvironment,
  ...cacheEnvironment,
  STALE_IF_ERROR_SECONDS: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe(
      'How long after its TTL a cached answer is still served while PostgreSQL cannot be reached. It is marked as stale.',
    ),
  WEB_CONCURRENCY: count(1, 64)
    .default(1)
    .describe(
      'Number of processes on this machine that share the port. They divide the connection pool, the cache memory and the hash slots among them.',
    ),
  COHERENCE_LEASE_MS: count(200, 10_000)
    .default(400)
    .describe(
      'How long a process may use its caches after its last lease renewal. A write waits about that long at most for a process that does not answer. All processes of a database need the same value.',
    ),
  ...httpEnvironment,
  WEBHOOKS_ALLOW_PRIVATE: flag
    .default(false)
    .describe(
      'Allow webhooks to addresses outside the public Internet, such as receivers beside this server.',
    ),
  ...cdnEnvironment,
  ALLOWED_ORIGINS: list
    .pipe(z.array(origin))
    .default([])
    .describe('Exact origins from which browsers may call the API (CORS), comma-separated.'),
  TRUSTED_PROXIES: list
    .pipe(
      z.array(
        z.union(
          [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
          'must be addresses or CIDRs, such as 10.0.0.0/8',
        ),
      ),
    )
    .default([])
    .describe(
      'CIDRs of the proxies whose `X-Forwarded-For` is trusted. Set it behind an ingress. Otherwise all users share one rate limit.',
    ),
  WELCOME: flag.default(true).describe('Add sample posts to an empty database. Has no effect in production.'),
  STARTUP_DEADLINE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3_600)
    .default(120)
    .describe('How long a start and `inkwell migrate` wait for a PostgreSQL that cannot be reached yet.'),
  SHUTDOWN_DRAIN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(600)
    .default(0)
    .describe(
      'Seconds between the stop signal and closing the listener. During this time the process reports that it is not ready.',
    ),
  SHUTDOWN_DEADLINE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(15)
    .describe('Seconds that requests in flight have to finish before they are cut.'),
  LOG_CLIENT_ADDRESS: z
    .enum(['full', 'network', 'none'])
    .default('network')
    .describe(
      'How much of a client address the log shows for refused requests: the full address, its network (IPv4 /24, IPv6 /48), or nothing.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('Least severe level to log.'),
});

/** Defaults that differ with `NODE_ENV=production`, where anyone may reach the server. */
export const PRODUCTION_DEFAULTS = {
  DEFAULT_ROLE: 'reader',
} as const satisfies Partial<z.input<typeof environmentSchema>>;

type Environment = z.output<typeof environmentSchema>;
type Settings = { readonly [Name in keyof Environment as CamelCase<Name>]: Environment[Name] };

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** The environment prevents the start. The message is one line and names the variable. */
export class InvalidConfiguration extends Error {}

const settingsOf = (values: Environment): Settings =>
  // Converts the keys as the mapped type above converts the names.
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), value]),
  ) as unknown as Settings;

const refuse = (message: string): never => {
  throw new InvalidConfiguration(`Inkwell cannot start: ${message}`);
};

/** Both sides need the same value, so a value generated in one process would not work. */
const SHARED_BY_SIDES = ['DATABASE_URL', 'AUTH_SECRET', 'INTERNAL_TOKEN'] as const;

/** Variables that are, or may contain, a secret. */
const IS_SECRET = /_URL$|SECRET|TOKEN|KEY/;
const PROTOCOLS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'a URL such as postgres://user:password@host:5432/name',
  REDIS_URL: 'a URL such as redis://host:6379',
};

/** Names the variable and the expected value. Secrets are not shown. */
function explain(issue: z.core.$ZodIssue, given: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  const schema = environmentSchema.shape[name as keyof typeof environmentSchema.shape] as z.ZodType;
  const expected = PROTOCOLS[name] ?? expectedValue(schema);
  const shown = IS_SECRET.test(name) ? '' : `, got ${JSON.stringify(given[name])}`;
  return expected === undefined
    ? `${name}: ${issue.message}${shown}`
    : `${name}: expected ${expected}${shown}`;
}

function checkTogether(values: Environment): void {
  if (values.DATABASE_POOL_MIN > values.DATABASE_POOL_MAX) {
    refuse(
      `DATABASE_POOL_MIN (${values.DATABASE_POOL_MIN}) is more than DATABASE_POOL_MAX (${values.DATABASE_POOL_MAX})`,
    );
  }
  if (values.METRICS_PORT === values.PORT && values.PORT !== 0) {
    refuse(`METRICS_PORT (${values.METRICS_PORT}) must differ from PORT`);
  }
  if (values.ROLE !== 'all') {
    const needed = [...SHARED_BY_SIDES, ...(values.ROLE === 'blog' ? (['USERS_URL'] as const) : [])];
    const absent = needed.filter((name) => values[name] === undefined);
    if (absent.length > 0) refuse(`${absent.join(' and ')} must be set with ROLE=${values.ROLE}`);
  }

  const cdnProblem = cdnProblemOf(values);
  if (cdnProblem !== undefined) refuse(cdnProblem);
  if (values.NODE_ENV !== 'production') return;
  const missing = (['DATABASE_URL', 'AUTH_SECRET'] as const).filter((name) => values[name] === undefined);
  if (missing.length > 0) refuse(`${missing.join(' and ')} must be set in production`);
}

/** The validated environment. The class is the injection token. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the members are mapped from the schema
export class Config {
  constructor(settings: Settings) {
    Object.assign(this, settings);
  }

  /**
   * @param environment variables by name; an empty value counts as unset
   * @throws InvalidConfiguration naming the first invalid variable
   */
  static from(environment: Readonly<Record<string, string | undefined>>): Config {
    const present = Object.fromEntries(
      Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
    );
    const defaults = present['NODE_ENV'] === 'production' ? PRODUCTION_DEFAULTS : {};
    const parsed = environmentSchema.safeParse({ ...defaults, ...present });
    if (!parsed.success) {
      return refuse(explain(parsed.error.issues[0]!, present));
    }
    const values = parsed.data;
    if (present['DATABASE_POOL_MIN'] === undefined) {
      values.DATABASE_POOL_MIN = Math.min(values.DATABASE_POOL_MIN, values.DATABASE_POOL_MAX);
    }
    checkTogether(values);
    return new Config(settingsOf(values));
  }

  /** A copy of the configuration with some settings replaced, such as the address of a server that was just started. */
  with(changes: Partial<Settings>): Config {
    return new Config({ ...this, ...changes });
  }

  get isProduction(): boolean {
    return this.nodeEnv === 'production';
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export interface Config extends Settings {}
