/**
 * `node --import <this file>?without=<names as JSON> dist/main.js`: a build that lacks some protections. Production code has no
 * switches.
 */
import { type ProtectionName, PROTECTIONS } from './protections.ts';

const without = new URL(import.meta.url).searchParams.get('without')!;
for (const name of JSON.parse(without) as ProtectionName[]) {
  const switchOff = PROTECTIONS[name] as (() => void) | undefined;
  if (switchOff === undefined) throw new Error(`There is no protection "${name}"`);
  switchOff();
}
