import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { environmentSchema } from '../../dist/config.js';

/** Variables that the chart sets from values of its own, or from a Secret. */
const SET_BY_THE_CHART = new Set([
  'NODE_ENV',
  'PORT',
  'HOST',
  'METRICS_PORT',
  'PUBLIC_URL',
  'DATA_DIR',
  'DATABASE_POOL_MIN',
  'DATABASE_POOL_MAX',
  'TRUSTED_PROXIES',
  'WELCOME',
  'SHUTDOWN_DRAIN_SECONDS',
  'SHUTDOWN_DEADLINE_SECONDS',
  'ROLE',
  'USERS_URL',
  'CDN_PURGE_PROVIDER',
  'CDN_PURGE_ZONE',
  'CDN_PURGE_URL',
  // One process per pod: the autoscaler adds pods, and the check of database sessions counts them.
  'WEB_CONCURRENCY',
]);
const holdsASecret = (name) => /(^|_)(SECRET|TOKEN|KEY|PASSWORD)(_|$)|^(DATABASE|REDIS)_URL$/.test(name);

/** Chart values that become a number in the environment. */
const NUMBERS = {
  'postgresql.pool.min': 'DATABASE_POOL_MIN',
  'postgresql.pool.max': 'DATABASE_POOL_MAX',
  'shutdown.drainSeconds': 'SHUTDOWN_DRAIN_SECONDS',
  'shutdown.deadlineSeconds': 'SHUTDOWN_DEADLINE_SECONDS',
};

const URL_PATTERN = String.raw`[a-z][a-z0-9+.-]*://([-.a-z0-9]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?`;
/** An origin, or a URL below one. */
const patternOfUrl = (isOrigin) => (isOrigin ? URL_PATTERN : String.raw`${URL_PATTERN}([/?#]\S*)?`);
const listOf = (pattern) => `^(${pattern}( *, *${pattern})*)?$`;

/** Variables whose rules no JSON schema states: the pattern allows at most what the process accepts. */
const PATTERNS = {
  SITE_TITLE: String.raw`^[\p{L}\p{N}\p{S}][\p{L}\p{M}\p{N}\p{P}\p{S} ]{0,99}$`,
  SITE_TIME_ZONE: '^(UTC|[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_+-]*)+)$',
  SITE_NAVIGATION: String.raw`^\[.*\]$`,
};

const forms = (field) =>
  ['output', 'input'].map((io) => z.toJSONSchema(field, { io, unrepresentable: 'any' }));

/** The schema of a variable in a values file. It allows at most what the process accepts. */
function allowedBy(field) {
  const [output, input] = forms(field);
  const choices = output.enum ?? input.enum;
  if (choices !== undefined) return { enum: choices.includes('true') ? [true, false, ...choices] : choices };
  const { type, minimum, maximum, pattern } = output;
  if (type === 'integer' || type === 'number') return { type, minimum, maximum };
  // The only lists of URLs are lists of origins.
  if (type === 'array')
    return { type: 'string', pattern: listOf(output.items.format === 'uri' ? patternOfUrl(true) : '[^,]+') };
  if (output.format === 'uri') return { type: 'string', pattern: `^${patternOfUrl(false)}$` };
  return pattern === undefined ? { type: ['string', 'integer'] } : { type: 'string', pattern };
}

const at = (schema, path) => path.split('.').reduce((inside, key) => inside.properties[key], schema);

/**
 * helm/inkwell/values.schema.json. `config` takes the variables of the environment's schema, within its limits, and no
 * others.
 */
export function valuesSchema() {
  const schema = JSON.parse(readFileSync('helm/inkwell/values.schema.json', 'utf8'));
  const { shape } = environmentSchema;
  schema.properties.config.properties = Object.fromEntries(
    Object.entries(shape)
      .filter(([name]) => !SET_BY_THE_CHART.has(name) && !holdsASecret(name))
      .map(([name, field]) => {
        const allowed = name in PATTERNS ? { type: 'string', pattern: PATTERNS[name] } : allowedBy(field);
        return [name, { description: field.description ?? '', ...allowed }];
      }),
  );
  for (const [path, name] of Object.entries(NUMBERS)) {
    // Kubernetes only accepts whole seconds.
    Object.assign(at(schema, path), { ...allowedBy(shape[name]), type: 'integer' });
  }
  return `${JSON.stringify(schema, null, 2)}\n`;
}
