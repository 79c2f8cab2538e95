import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProtectionName } from './protections.ts';

/** @returns the options of Node that make dist run without some protections */
export function withoutProtections(names: readonly ProtectionName[]): string[] {
  if (names.length === 0) return [];
  const url = pathToFileURL(resolve('test/coherence/switched-off/switch-off.ts'));
  url.searchParams.set('without', JSON.stringify(names));
  return ['--import', url.href];
}
