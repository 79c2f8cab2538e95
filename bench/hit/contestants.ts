import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, keep } from '../servers/answer.js';
import { inkwell, LASTING, TINY_MEMORY, UNCACHED } from '../servers/inkwell.js';
import type { ServerProcess, ServerSpec } from '../servers/server-process.js';
import { POPULAR } from './paths.js';

/** Every server under test, running. */
export interface Contestants {
  /** A process each, so that it looks at nothing of the request. */
  readonly bare: Readonly<Record<'list' | 'post', ServerProcess>>;
  /** Inkwell whose memory holds everything. */
  readonly warm: ServerProcess;
  /** The same without its front door: each hit goes through the router. */
  readonly routed: ServerProcess;
  /** Inkwell whose memory holds next to nothing, with everything in Redis. */
  readonly remote: ServerProcess;
  /** Inkwell without a cache. */
  readonly uncached: ServerProcess;
  readonly stock: Readonly<Record<'memory' | 'redis', ServerProcess>>;
}

export interface Surroundings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** For files that last as long as the run. */
  readonly folder: string;
  readonly start: (spec: ServerSpec) => Promise<ServerProcess>;
}

export async function startContestants({
  databaseUrl,
  redisUrl,
  folder,
  start,
}: Surroundings): Promise<Contestants> {
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

/** The second answer, which the cache gives. */
async function hit(url: string): Promise<Awaited<ReturnType<typeof ask>>> {
  await ask(url);
  return ask(url);
}
