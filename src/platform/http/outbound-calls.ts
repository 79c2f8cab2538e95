import { type AxiosAdapter, type AxiosResponse, getAdapter, type InternalAxiosRequestConfig } from 'axios';
import { setTimeout as sleep } from 'node:timers/promises';
import { headersOfCaller } from './call-context.js';
import { HttpCallFailed } from './call-failed.js';
import { CallLimit } from './call-limit.js';
import { callName } from './call-name.js';
import type { CallSlots } from './call-slots.js';
import { failureOf } from './failure-of.js';
import { HostBreakers } from './host-breakers.js';
import type { HttpTally } from './http-tally.js';
import type { Agents } from './pooled-agents.js';
import { attemptsOf, retryDelayMs } from './retry.js';
import type { SocketPool } from './socket-pool.js';

interface Call {
  readonly config: InternalAxiosRequestConfig;
  /** With the port, unless it is the protocol's own. */
  readonly host: string;
  /** For messages. */
  readonly name: string;
  readonly limit: CallLimit;
}

interface Means {
  readonly slots: CallSlots;
  readonly sockets: SocketPool;
  readonly tally: HttpTally;
  readonly agents: Agents;
  readonly publicAgents: Agents;
}

/** The way of an outgoing call: its time limit, its turn, the breaker of its host, its attempts. */
export class OutboundCalls {
  private readonly running = new Set<CallLimit>();
  private readonly breakers = new HostBreakers();
  private readonly http = getAdapter('http');
  private readonly ended = Promise.withResolvers<void>();
  private isStopping = false;

  constructor(private readonly means: Means) {}

  readonly adapter: AxiosAdapter = async (config) => {
    const { host, name } = targetOf(config);
    if (this.isStopping) throw failed('stopping', name, 'the process stops');
    const limit = new CallLimit(config.timeout ?? 0, config.signal as AbortSignal | undefined);
    this.running.add(limit);
    try {
      return await this.attempts({ config: this.prepared(config, limit), host, name, limit });
    } finally {
      limit.end();
      this.running.delete(limit);
      this.resolveWhenEnded();
    }
  };

  /** No new calls from now on; resolves when those under way have ended. */
  async drain(): Promise<void> {
    this.isStopping = true;
    this.resolveWhenEnded();
    await this.ended.promise;
  }

  cutAll(): void {
    for (const limit of this.running) limit.cut('stopping');
  }

  private resolveWhenEnded(): void {
    if (this.isStopping && this.running.size === 0) this.ended.resolve();
  }

  private prepared(config: InternalAxiosRequestConfig, limit: CallLimit): InternalAxiosRequestConfig {
    const agents = config.publicOnly === true ? this.means.publicAgents : this.means.agents;
    config.headers.set(headersOfCaller(), false);
    // The limit is for the whole call: axios' own timeout starts anew with every byte.
    return { ...config, ...agents, timeout: 0, signal: limit.signal };
  }

  private async attempts(call: Call): Promise<AxiosResponse> {
    const last = attemptsOf(call.config) - 1;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.breakers.run(call.host, call.name, () => this.attempt(call));
      } catch (error) {
        const failure = failureOf(error, call.name, call.limit);
        const delayMs = attempt < last ? retryDelayMs(failure, attempt) : undefined;
        if (delayMs === undefined || delayMs >= call.limit.remainingMs) throw failure;
        await sleep(delayMs, undefined, { signal: call.limit.signal }).catch((cut: unknown) => {
          throw failureOf(cut, call.name, call.limit);
        });
      }
    }
  }

  private async attempt({ config, host, name, limit }: Call): Promise<AxiosResponse> {
    const { slots, sockets, tally } = this.means;
    try {
      if (!slots.take(host)) {
        if (slots.isFull) throw failed('overloaded', name, 'too many calls wait already');
        await slots.wait(host, limit.signal);
      }
      try {
        tally.count(host);
        sockets.closeOld();
        return await this.http(config);
      } finally {
        slots.release(host);
      }
    } catch (error) {
      throw failureOf(error, name, limit);
    }
  }
}

const failed = (
  reason: 'stopping' | 'overloaded' | 'invalid',
  call: string,
  detail: string,
): HttpCallFailed => new HttpCallFailed({ reason, call, detail });

function targetOf({ method, url = '', baseURL, responseType }: InternalAxiosRequestConfig): {
  host: string;
  name: string;
} {
  const target = URL.parse(url, baseURL);
  if (target === null || !/^https?:$/.test(target.protocol))
    throw failed('invalid', callName(method, null), 'its URL is not HTTP');
  const name = callName(method, target);
  // A stream would hold its slot and its limit for as long as the caller likes.
  if (responseType === 'stream') throw failed('invalid', name, 'answers are read whole, not streamed');
  return { host: target.host, name };
}
