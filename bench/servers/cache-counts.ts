import { ask } from './answer.js';

/** What Inkwell has counted since it started, as /metrics tells. */
export interface CacheCounts {
  readonly memory: number;
  readonly redis: number;
  readonly misses: number;
  readonly coalesced: number;
}

export async function cacheCounts(origin: string): Promise<CacheCounts> {
  const text = (await ask(`${origin}/metrics`)).body.toString();
  const total = (name: string, label = ''): number =>
    text
      .split('\n')
      .filter((line) => new RegExp(`^${name}[{ ]`).test(line) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  return {
    memory: total('cache_hits_total', 'tier="memory"'),
    redis: total('cache_hits_total', 'tier="redis"'),
    misses: total('cache_misses_total'),
    coalesced: total('cache_coalesced_total'),
  };
}
