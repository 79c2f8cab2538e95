import { LRUCache } from 'lru-cache';
import { CircuitBreaker } from '../cache/circuit-breaker.js';
import { HttpCallFailed } from './call-failed.js';

/** Hosts remembered; beyond that the one not called for longest is thought well of again. */
const MAX_HOSTS = 1_000;
const FAILURES = 5;
const OPEN_MS = 5_000;

const AWAY_STATUS = new Set([502, 503, 504]);

/** Whether the host is to blame, so that others had better not ask it. */
function isOutage({ reason, answer }: HttpCallFailed): boolean {
  if (reason === 'status') return AWAY_STATUS.has(answer?.status ?? 0);
  return reason === 'connection' || reason === 'timeout' || reason === 'unknown_host';
}

/** A circuit breaker for each host. */
export class HostBreakers {
  private readonly breakers = new LRUCache<string, CircuitBreaker>({ max: MAX_HOSTS });

  /** @throws HttpCallFailed what `attempt` throws, or that the breaker is open */
  async run<T>(host: string, call: string, attempt: () => Promise<T>): Promise<T> {
    let failure: HttpCallFailed | undefined;
    const outcome = await this.of(host).run(
      () => harmless(attempt),
      (error) => (failure = error as HttpCallFailed),
    );
    if (outcome !== undefined) return outcome.settle();
    throw (
      failure ?? new HttpCallFailed({ reason: 'breaker_open', call, detail: 'it failed too often just now' })
    );
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

/** The breaker hears of outages only; what else went wrong is for the caller. */
async function harmless<T>(attempt: () => Promise<T>): Promise<{ settle: () => T }> {
  try {
    const result = await attempt();
    return { settle: () => result };
  } catch (error) {
    if (!(error instanceof HttpCallFailed) || isOutage(error)) throw error;
    return {
      settle: () => {
        throw error;
      },
    };
  }
}
