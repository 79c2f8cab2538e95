import { ask, headerOf } from '../servers/answer.js';
import type { Contestants } from './contestants.js';
import { MANY, POPULAR, TAG_LISTS } from './paths.js';
import { CONNECTIONS, type Scenario, type Subject } from './scenario.js';

export const BARE = 'bare node:http';
export const HIT = 'Inkwell, hit';
export const STOCK_MEMORY = 'stock interceptor, memory';
export const STOCK_REDIS = 'stock interceptor, Redis';
export const REDIS_HIT = 'Inkwell, hit in Redis';
export const MISS = 'Inkwell, miss';
export const COOKIE_HIT = 'Inkwell, hit, signed in';

/** A session cookie of the Studio, which nothing else reads. */
const SIGNED_IN = { Cookie: `inkwell=${'x'.repeat(43)}` };

/** In the order of a round. Scenarios that are compared run next to each other. */
export async function scenariosOf(contestants: Contestants): Promise<Scenario[]> {
  const { bare, warm, routed, remote, uncached, stock } = contestants;
  const inkwell = { server: warm, cacheStatus: 'inkwell; hit' } as const;
  const missed = { name: MISS, server: uncached, cacheStatus: 'inkwell; fwd=miss' } as const;
  const copied = { cacheStatus: 'inkwell; hit' };
  const etag = headerOf(await ask(warm.origin + POPULAR.list), 'etag')!;
  return [
    row('list', { name: BARE, server: bare.list, ...copied }),
    row('list', { name: HIT, ...inkwell }),
    row('list', { name: COOKIE_HIT, ...inkwell, headers: SIGNED_IN }),
    row('list', { name: STOCK_MEMORY, server: stock.memory }),
    row('list', { name: STOCK_REDIS, server: stock.redis }),
    row('list', { name: 'Inkwell, hit, br', ...inkwell, headers: { 'Accept-Encoding': 'br' } }),
    row('list', { name: 'Inkwell, hit, 304', ...inkwell, headers: { 'If-None-Match': etag } }),
    row('list', { name: 'Inkwell, hit, front door off', ...inkwell, server: routed }),
    row('list', {
      name: REDIS_HIT,
      server: remote,
      cacheStatus: 'inkwell; hit; detail=redis',
      paths: TAG_LISTS,
    }),
    row('list', { ...missed, paths: MANY.list }),
    row('post', { name: BARE, server: bare.post, ...copied }),
    row('post', { name: HIT, ...inkwell }),
    row('post', { name: STOCK_MEMORY, server: stock.memory }),
    row('post', { name: STOCK_REDIS, server: stock.redis }),
    row('post', { ...missed, paths: MANY.post }),
    row('user', { name: HIT, ...inkwell }),
    row('user', { ...missed, paths: MANY.user }),
    row('categories', { name: HIT, ...inkwell }),
    // There is only one list of categories, so concurrent requests would share its query.
    row('categories', { ...missed, connections: 1 }),
  ];
}

interface Row extends Pick<Scenario, 'name' | 'server'> {
  readonly paths?: readonly [string, ...string[]];
  readonly cacheStatus?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections?: number;
}

function row(subject: Subject, { name, server, cacheStatus = 'none', ...how }: Row): Scenario {
  const { paths = [POPULAR[subject]], headers = {}, connections = CONNECTIONS } = how;
  return { subject, name, server, cacheStatus, load: { origin: server.origin, paths, headers, connections } };
}
