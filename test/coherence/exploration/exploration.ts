import type { Limits, Protection } from './limits.js';
import { openInWorlds } from './replica.js';
import { VirtualTime } from './virtual-time.js';
import { World } from './world.js';

export interface Explored {
  /** Different ones. */
  readonly worlds: number;
  /** A course of events that ends in a stale read, if there is one. */
  readonly violation: readonly string[] | undefined;
}

/**
 * Goes through every order of events within the limits. Replaces the clocks and timers of this process for good.
 * @param start what happens first
 */
export async function explore(
  limits: Limits,
  without?: Protection,
  start: readonly string[] = [],
): Promise<Explored> {
  const time = new VirtualTime();
  time.install();
  openInWorlds();
  const exploration = new Exploration(() => World.begin(limits, time, without));
  const violation = await exploration.from(start);
  return { worlds: exploration.known.size, violation };
}

/** Depth first. A world cannot go back, so each further branch replays the course in a new world. */
class Exploration {
  readonly known = new Set<string>();

  constructor(private readonly begin: () => Promise<World>) {}

  async from(course: readonly string[]): Promise<readonly string[] | undefined> {
    return this.goOn(course, await this.replay(course));
  }

  private async goOn(course: readonly string[], world: World): Promise<readonly string[] | undefined> {
    for (const [i, action] of world.next().entries()) {
      const longer = [...course, action];
      const next = i === 0 ? world : await this.replay(course);
      await next.perform(action);
      if (next.isStale) return longer;
      const { fingerprint } = next;
      if (this.known.has(fingerprint)) continue;
      this.known.add(fingerprint);
      const violation = await this.goOn(longer, next);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  private async replay(course: readonly string[]): Promise<World> {
    const world = await this.begin();
    for (const action of course) await world.perform(action);
    return world;
  }
}
