import { type Limits, type Protection, World } from './world.js';

/**
 * Every order of events within the limits, breadth first. @param start what happens first
 * @returns the shortest course of events that ends in a stale read, if there is one
 */
export function explore(limits: Limits, without?: Protection, start: string[] = []) {
  const known = new Set<string>();
  let frontier = [start];
  while (frontier.length > 0) {
    const next: string[][] = [];
    for (const course of frontier) {
      for (const action of replay(limits, without, course).next()) {
        const longer = [...course, action];
        const world = replay(limits, without, longer);
        if (world.isStale) return { worlds: known.size, violation: longer };
        const { fingerprint } = world;
        if (known.has(fingerprint)) continue;
        known.add(fingerprint);
        next.push(longer);
      }
    }
    frontier = next;
  }
  return { worlds: known.size, violation: undefined };
}

function replay(limits: Limits, without: Protection | undefined, course: readonly string[]): World {
  const world = new World(limits, without);
  for (const action of course) world.perform(action);
  return world;
}
