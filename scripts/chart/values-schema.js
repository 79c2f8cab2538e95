import { readFileSync } from 'node:fs';
import { environmentSchema } from '../../dist/config.js';

/** What the chart sets by values of its own, or by a Secret. */
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
  // One process a pod: the autoscaler adds pods, and the check of database sessions counts them.
  'WEB_CONCURRENCY',
]);
const holdsASecret = (name) => /(^|_)(SECRET|TOKEN|KEY|PASSWORD)(_|$)|^(DATABASE|REDIS)_URL$/.test(name);

const variable = ({ description = '' }) => ({ description, type: ['string', 'integer', 'boolean'] });

/** helm/inkwell/values.schema.json, where `config` takes the variables of the environment's schema and no others. */
export function valuesSchema() {
  const schema = JSON.parse(readFileSync('helm/inkwell/values.schema.json', 'utf8'));
  schema.properties.config.properties = Object.fromEntries(
    Object.entries(environmentSchema.shape)
      .filter(([name]) => !SET_BY_THE_CHART.has(name) && !holdsASecret(name))
      .map(([name, field]) => [name, variable(field)]),
  );
  return `${JSON.stringify(schema, null, 2)}\n`;
}
