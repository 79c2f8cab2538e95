import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, keep } from '../servers/answer.js';
import { inkwell, LASTING, TINY_MEMORY, UNCACHED } from '../servers/inkwell.js';
import type { ServerProcess, ServerSpec } from '../servers/server-process.js';
import { POPULAR } from './paths.js';

/** Every running server under test. */
export interface Contestants {
  /** One process per answer, so that it need not examine the request. */
  readonly bare: Readonly<Record<'list' | 'post', ServerProcess>>;
  /** Inkwell with everything in memory. */
  readonly warm: ServerProcess;
  /** The same without its front door: each hit goes through the router. */
  readonly routed: ServerProcess;
  /** Inkwell with hardly any memory, and everything in Redis. */
  readonly remote: ServerProcess;
  /** Inkwell without a cache. */
  readonly uncached: ServerProcess;
  readonly stock: Readonly<Record<'memory' | 'redis', ServerProcess>>;
}

export interface ContestantOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** For files that are needed until the end of the run. */
  readonly folder: string;
  readonly start: (spec: ServerSpec) => Promise<ServerProcess>;
}

export async function startContestants({
  databaseUrl,
  redisUrl,
  folder,
  start,
}: ContestantOptions): Promise<Contestants> {
  const database = { DATABASE_URL: databaseUrl };
  const both = { ...database, REDIS_URL: redisUrl };
  const warm = await start(inkwell({ ...both, ...LASTING }));
  const bareOf = async (subject: 'list' | 'post'): Promise<ServerProcess> => {
    const file = join(folder, `${subject}.json`);
    writeFileSync(file, JSON.stringify(keep(await hit(warm.origin + POPULAR[subject]))));
    return start({ script: compiled('servers/bare.js'), args: [file], readyPath: '/' });
  };
  const stockWith = (environment: Readonly<Record<string, string>>): Promise<ServerProcess> =>
    start({ script: compiled('stock/main.js'), environment, readyPath: POPULAR.list });
  return {
    bare: { list: await bareOf('list'), post: await bareOf('post') },
    warm,
    routed: await start(inkwell({ ...both, ...LASTING, CACHE_FRONT_DOOR: 'false' })),
    remote: await start(inkwell({ ...both, ...LASTING, ...TINY_MEMORY })),
    uncached: await start(inkwell({ ...database, ...UNCACHED })),
    stock: { memory: await stockWith(database), redis: await stockWith(both) },
  };
}

const compiled = (path: string): string => join(import.meta.dirname, '..', path);

/** The second answer, which comes from the cache. */
async function hit(url: string): Promise<Awaited<ReturnType<typeof ask>>> {
  await ask(url);
  return ask(url);
}
