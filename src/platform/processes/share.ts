import type { Config } from '../../config.js';

const LEAST_CONNECTIONS = 2;
const LEAST_CACHE_BYTES = 1_048_576;

const part = (whole: number, parts: number, least: number): string =>
  String(Math.max(least, Math.floor(whole / parts)));

/** The share of one of the `WEB_CONCURRENCY` processes in the limits that apply to all, as environment variables. */
export function shareOf(config: Config): Record<string, string> {
  const { webConcurrency: parts, databasePoolMin, databasePoolMax, cacheMaxBytes } = config;
  return {
    DATABASE_URL: config.databaseUrl!,
    DATABASE_POOL_MIN: part(databasePoolMin, parts, 1),
    DATABASE_POOL_MAX: part(databasePoolMax, parts, LEAST_CONNECTIONS),
    CACHE_MAX_BYTES: part(cacheMaxBytes, parts, LEAST_CACHE_BYTES),
  };
}
