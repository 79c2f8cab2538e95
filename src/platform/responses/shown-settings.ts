import { createHash } from 'node:crypto';
import type { Config } from '../../config.js';

/**
 * Names the settings of the environment that answers show. While a change of one is rolled out, processes with the old
 * and the new value share one Redis, and must not read each other's answers there.
 * @returns an empty text if none is set
 */
export function shownSettings(config: Partial<Config>): string {
  const shown = Object.entries(config)
    .filter(([name, value]) => value !== undefined && (name === 'publicUrl' || name.startsWith('site')))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  if (shown.length === 0) return '';
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 16);
}
