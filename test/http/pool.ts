import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom, type Observable } from 'rxjs';
import { Config } from '../../src/config.js';
import type { HttpCallFailed, HttpService } from '../../src/platform/http/http.module.js';
import { HttpPool } from '../../src/platform/http/http-pool.js';
import { PooledHttpService } from '../../src/platform/http/pooled-http.service.js';

type Surroundings = NonNullable<ConstructorParameters<typeof HttpPool>[1]>;

export interface TestPool {
  readonly pool: HttpPool;
  readonly http: HttpService;
  readonly close: () => Promise<void>;
}

/** The pool without an application. All names resolve to this machine unless `resolve` is given. */
export function openPool(
  environment: Record<string, string> = {},
  surroundings: Partial<Surroundings> = {},
): TestPool {
  const pool = new HttpPool(Config.from({ SHUTDOWN_DEADLINE_SECONDS: '1', ...environment }), {
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    now: () => performance.now(),
    isPublic: () => false,
    ...surroundings,
  });
  return {
    pool,
    http: new PooledHttpService(pool.axios),
    close: async () => {
      pool.beforeApplicationShutdown();
      await pool.onApplicationShutdown();
    },
  };
}

export interface Outcome {
  readonly failure: HttpCallFailed;
  readonly ms: number;
}

/** The error of a failed call, and its time. */
export async function failureOf(call: Observable<unknown>): Promise<Outcome> {
  const startedAt = performance.now();
  const answer = await firstValueFrom(call).catch((error: unknown) => error);
  if (!(answer instanceof Error)) throw new Error('the call succeeded');
  return { failure: answer as HttpCallFailed, ms: performance.now() - startedAt };
}

/** Waits until a condition becomes true. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('it never came true');
    await sleep(10);
  }
}
