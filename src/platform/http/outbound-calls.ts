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
  /** With the port, unless it is the default of the protocol. */
  readonly host: string;
  /** The name of the call in messages. */
  readonly name: string;
  readonly limit: CallLimit;
}

interface CallResources {
  readonly slots: CallSlots;
  readonly sockets: SocketPool;
  readonly tally: HttpTally;
  readonly agents: Agents;
  readonly publicAgents: Agents;
}

/** Runs outgoing calls: time limit, slot, circuit breaker of the host, attempts. */
export class OutboundCalls {
  private readonly running = new Set<CallLimit>();
  private readonly breakers = new HostBreakers();
  private readonly http = getAdapter('http');
  private readonly ended = Promise.withResolvers<void>();
  private isStopping = false;

  constructor(private readonly resources: CallResources) {}

  readonly adapter: AxiosAdapter = async (config) => {
    const { host, name } = targetOf(config);
    if (this.isStopping) throw failed('stopping', name, 'the process is stopping');
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

  /** Starts no new calls, and resolves when the running ones have ended. */
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
    const agents = config.publicOnly === true ? this.resources.publicAgents : this.resources.agents;
    config.headers.set(headersOfCaller(), false);
    // The limit is for the whole call. Axios' own timeout restarts with every byte.
    return { ...config, ...agents, timeout: 0, signal: limit.signal };
  }

  private async attempts(call: Call): Promise<AxiosResponse> {
    const last = attemptsOf(call.config) - 1;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(call);
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

  /** The breaker only judges the host. The wait for a slot in this process is not the host's fault. */
  private async attempt(call: Call): Promise<AxiosResponse> {
    const { host, name, limit } = call;
    try {
      this.breakers.assertNotOpen(host, name);
      await this.takeTurn(call);
      const sentAtMs = performance.now();
      try {
        return await this.breakers.run(host, name, {
          attempt: () => this.send(call),
          hadItsTime: () => performance.now() - sentAtMs >= limit.ms / 2,
        });
      } finally {
        this.resources.slots.release(host);
      }
    } catch (error) {
      throw failureOf(error, name, limit);
    }
  }

  private async takeTurn({ host, name, limit }: Call): Promise<void> {
    const { slots } = this.resources;
    if (slots.take(host)) return;
    if (slots.isFull) throw failed('overloaded', name, 'too many calls are waiting');
    await slots.wait(host, limit.signal);
  }

  private async send({ config, host, name, limit }: Call): Promise<AxiosResponse> {
    const { sockets, tally } = this.resources;
    tally.count(host);
    sockets.closeOld();
    return this.http(config).catch((error: unknown) => {
      throw failureOf(error, name, limit);
    });
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
  if (responseType === 'stream') throw failed('invalid', name, 'answers are read as a whole, not streamed');
  return { host: target.host, name };
}
