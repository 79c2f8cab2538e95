import { LRUCache } from 'lru-cache';
import { CircuitBreaker } from '../resilience/circuit-breaker.js';
import { HttpCallFailed } from './call-failed.js';

/** The number of remembered hosts. Beyond it, the breaker of the least recently called host is forgotten. */
const MAX_HOSTS = 1_000;
const FAILURES = 5;
const OPEN_MS = 5_000;

const AWAY_STATUS = new Set([502, 503, 504]);
/** Shortages of this machine, for which the host is not to blame. */
const OWN_SHORTAGE = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);

interface Attempt<T> {
  /** @throws HttpCallFailed */
  readonly attempt: () => Promise<T>;
  /** True if the host has used up the call's time, so that a timeout is its fault. */
  readonly hadItsTime: () => boolean;
}

/** Is the host to blame, so that other calls should not try it? */
function isOutage({ reason, answer, cause }: HttpCallFailed, hadItsTime: () => boolean): boolean {
  if (reason === 'status') return AWAY_STATUS.has(answer?.status ?? 0);
  if (reason === 'timeout') return hadItsTime();
  if (reason === 'connection')
    return !OWN_SHORTAGE.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
  return reason === 'unknown_host';
}

const breakerOpen = (call: string): HttpCallFailed =>
  new HttpCallFailed({ reason: 'breaker_open', call, detail: 'it has failed too often' });

/** One circuit breaker per host. */
export class HostBreakers {
  private readonly breakers = new LRUCache<string, CircuitBreaker>({ max: MAX_HOSTS });

  /** For calls that would otherwise wait for a slot in vain. @throws HttpCallFailed */
  assertNotOpen(host: string, call: string): void {
    if (this.breakers.get(host)?.state === 'open') throw breakerOpen(call);
  }

  /** @throws HttpCallFailed what the attempt throws, or that the breaker is open */
  async run<T>(host: string, call: string, attempted: Attempt<T>): Promise<T> {
    let failure: HttpCallFailed | undefined;
    const outcome = await this.of(host).run(
      () => harmless(attempted),
      (error) => (failure = error as HttpCallFailed),
    );
    if (outcome !== undefined) return outcome.settle();
    throw failure ?? breakerOpen(call);
  }

  private of(host: string): CircuitBreaker {
    let breaker = this.breakers.get(host);
    if (breaker === undefined) {
      breaker = new CircuitBreaker({ failures: FAILURES, openMs: OPEN_MS });
      this.breakers.set(host, breaker);
    }
    return breaker;
  }
}

/** Hides failures that are not outages from the breaker. The caller still gets them. */
async function harmless<T>({ attempt, hadItsTime }: Attempt<T>): Promise<{ settle: () => T }> {
  try {
    const result = await attempt();
    return { settle: () => result };
  } catch (error) {
    if (!(error instanceof HttpCallFailed) || isOutage(error, hadItsTime)) throw error;
    return {
      settle: () => {
        throw error;
      },
    };
  }
}
