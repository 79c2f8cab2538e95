import { hash } from 'node:crypto';
import { ChangeReceiver } from '../../../src/platform/outbox/change-receiver.js';

/** Equal for what remembers the same. */
export const fingerprintOf = (state: unknown): string =>
  hash('sha256', JSON.stringify(state, asData), 'base64');

/** Everything that objects remember: functions and promises are left out, and what the replica would wait for as a writer. */
function asData(this: unknown, key: string, value: unknown): unknown {
  if (key === 'acknowledgements' && this instanceof ChangeReceiver) return undefined;
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
