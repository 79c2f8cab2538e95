import { z } from 'zod';
import { expectedValue } from './expected-value.js';
import { cdnEnvironment, cdnProblemOf } from './platform/cdn/cdn-settings.js';

/** SHOUTING_SNAKE_CASE → camelCase: `DATABASE_POOL_MAX` is read as `config.databasePoolMax`. */
type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

const port = z.coerce.number().int().min(0).max(65_535);
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const ttl = z.coerce.number().min(0).max(86_400);
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

/** Everything the environment may say. The one source of `Config` and of docs/configuration.md. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('`production` refuses embedded servers and generated secrets, and logs JSON lines.'),
  ROLE: z
    .enum(['all', 'users', 'blog'])
    .default('all')
    .describe(
      'What this process serves: `users` the accounts, `blog` the posts and pages, which then asks `USERS_URL` for what it shows of accounts. Both on one database.',
    ),
  USERS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Origin of the processes with `ROLE=users`. Needed by, and only for, `ROLE=blog`.'),
  INTERNAL_TOKEN: z
    .string()
    .refine((token) => Buffer.byteLength(token) >= 32, 'it must have at least 32 bytes')
    .regex(/^[\x21-\x7e]*$/, 'it must be of printable ASCII, without spaces')
    .optional()
    .describe(
      'Secret that the two sides know each other by, at least 32 bytes. Needed by `ROLE=users` and `ROLE=blog`.',
    ),
  PORT: port.default(3000).describe('Port to listen on; 0 takes a free one.'),
  METRICS_PORT: port
    .optional()
    .describe(
      'Port that `/metrics` is served at, and nowhere else. Default: with everything else, at `PORT`.',
    ),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on.'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe('Address people reach the blog at, used in links. Default: derived from each request.'),
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
  DATABASE_POOL_MIN: count(0, 1000)
    .default(10)
    .describe('Connections kept open all the time; unless set, never more than `DATABASE_POOL_MAX`.'),
  DATABASE_POOL_MAX: count(1, 1000)
    .default(50)
    .describe('Most connections open at once; a smaller pool (20) for the embedded server.'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Redis or Valkey, `redis://` or `rediss://`. Unset: rate limits are counted in PostgreSQL.'),
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
      'Keys that sign access tokens, at least 32 bytes each, comma-separated: the first signs, all verify. Generated in development.',
    ),
  DEFAULT_ROLE: z.enum(['reader', 'author']).default('author').describe('Role of a new account.'),
  RATE_LIMIT_LOGIN: count(1, 1_000_000)
    .default(5)
    .describe('Logins a minute and address, and failures a minute and account.'),
  RATE_LIMIT_REGISTER: count(1, 1_000_000).default(20).describe('Registrations a minute and address.'),
  RATE_LIMIT_VERIFY: count(1, 1_000_000).default(30).describe('Token verifications a minute and address.'),
  CACHE_TTL_USER_SECONDS: ttl
    .optional()
    .describe('Cache TTL of a public profile; 0 switches it off. Default: 300.'),
  CACHE_TTL_POSTS_SECONDS: ttl
    .optional()
    .describe('Cache TTL of pages of the list of posts; 0 switches it off. Default: 60.'),
  CACHE_TTL_POST_SECONDS: ttl.optional().describe('Cache TTL of one post; 0 switches it off. Default: 300.'),
  CACHE_TTL_CATEGORIES_SECONDS: ttl
    .optional()
    .describe('Cache TTL of the list of categories; 0 switches it off. Default: 3600.'),
  CACHE_TTL_SESSION_SECONDS: ttl
    .optional()
    .describe('Cache TTL of sessions; a revocation ends them at once; 0 switches it off. Default: 1800.'),
  CACHE_FRONT_DOOR: flag
    .default(true)
    .describe('Answer hits before the router. Off, the answers are the same and slower: for finding faults.'),
  CACHE_MAX_BYTES: count(1_048_576, 1_099_511_627_776)
    .default(67_108_864)
    .describe('Bytes of memory the in-process tier may take.'),
  STALE_IF_ERROR_SECONDS: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe(
      'How long after its TTL an answer may be served, marked as stale, while PostgreSQL cannot be reached.',
    ),
  WEB_CONCURRENCY: count(1, 64)
    .default(1)
    .describe(
      'Processes on this machine that share the port; they divide pool, memory and hash slots among them.',
    ),
  COHERENCE_LEASE_MS: count(200, 10_000)
    .default(400)
    .describe(
      'How long a process may use its caches without word from PostgreSQL, and about how long a write waits at most for one that does not answer. The same for all processes of a database.',
    ),
  HTTP_POOL_MAX_SOCKETS: count(1, 10_000)
    .default(100)
    .describe('Most connections to other servers at once; further calls wait their turn.'),
  HTTP_POOL_MAX_SOCKETS_PER_HOST: count(1, 10_000)
    .default(30)
    .describe('Most connections to one other server at once.'),
  HTTP_DNS_TTL_SECONDS: ttl
    .default(300)
    .describe('How long the addresses of another server are kept; failures are not.'),
  HTTP_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(600)
    .default(30)
    .describe('Time that a call to another server may take as a whole, retries included.'),
  WEBHOOKS_ALLOW_PRIVATE: flag
    .default(false)
    .describe(
      'Let webhooks go to addresses that are not of the public Internet too: to receivers beside this server.',
    ),
  ...cdnEnvironment,
  ALLOWED_ORIGINS: list
    .pipe(z.array(origin))
    .default([])
    .describe('Origins that browsers may call the API from (CORS), comma-separated and exact.'),
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
      'CIDRs of the proxies whose `X-Forwarded-For` is believed. Behind an ingress it must be set, or all users share one rate limit.',
    ),
  WELCOME: flag.default(true).describe('Put sample posts into an empty database; never in production.'),
  SHUTDOWN_DRAIN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(600)
    .default(0)
    .describe('Seconds between the stop signal and closing the listener; readiness is already off.'),
  SHUTDOWN_DEADLINE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(15)
    .describe('Seconds after which requests still in flight are cut.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('Least severe level that is logged.'),
});

type Environment = z.output<typeof environmentSchema>;
type Settings = { readonly [Name in keyof Environment as CamelCase<Name>]: Environment[Name] };

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** The start was refused because of the environment; the message is one line and names the variable. */
export class InvalidConfiguration extends Error {}

const settingsOf = (values: Environment): Settings =>
  // The mapped type above does to the names what camelCase does to the keys.
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), value]),
  ) as unknown as Settings;

const refuse = (message: string): never => {
  throw new InvalidConfiguration(`Inkwell cannot start: ${message}`);
};

/** What is made up for a single process would differ between the two sides. */
const SHARED_BY_SIDES = ['DATABASE_URL', 'AUTH_SECRET', 'INTERNAL_TOKEN'] as const;

/** They may carry a password, or are one. */
const IS_SECRET = /_URL$|SECRET|TOKEN|KEY/;
const PROTOCOLS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'a URL such as postgres://user:password@host:5432/name',
  REDIS_URL: 'a URL such as redis://host:6379',
};

/** The variable, what it is, and what it may be; a secret is not shown. */
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

/** The validated environment, read once. The class is the injection token. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the members are mapped from the schema
export class Config {
  constructor(settings: Settings) {
    Object.assign(this, settings);
  }

  /**
   * @param environment variables by name; an empty value counts as unset
   * @throws InvalidConfiguration naming the first variable that is wrong
   */
  static from(environment: Readonly<Record<string, string | undefined>>): Config {
    const present = Object.fromEntries(
      Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
    );
    const parsed = environmentSchema.safeParse(present);
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

  /** The same configuration with some settings replaced, e.g. by the address of a server that was just started. */
  with(changes: Partial<Settings>): Config {
    return new Config({ ...this, ...changes });
  }

  get isProduction(): boolean {
    return this.nodeEnv === 'production';
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export interface Config extends Settings {}
