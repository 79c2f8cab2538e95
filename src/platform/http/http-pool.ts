import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { type AxiosInstance, create } from 'axios';
import type { Config } from '../../config.js';
import { callDefaults } from './call-options.js';
import { callName } from './call-name.js';
import { CallSlots } from './call-slots.js';
import { DnsCache, type Resolve, systemResolve } from './dns-cache.js';
import { failureOf } from './failure-of.js';
import { HttpTally } from './http-tally.js';
import { OutboundCalls } from './outbound-calls.js';
import { type Agents, pooledAgents } from './pooled-agents.js';
import { type AddressCheck, isPublicAddress } from './public-address.js';
import { SocketPool } from './socket-pool.js';

/** Replaced by tests. */
interface PoolDependencies {
  readonly resolve: Resolve;
  readonly now: () => number;
  readonly isPublic: AddressCheck;
}

const REAL_DEPENDENCIES: PoolDependencies = {
  resolve: systemResolve,
  now: () => performance.now(),
  isPublic: isPublicAddress,
};

/** The outgoing connections of this process. */
export class HttpPool implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly axios: AxiosInstance;
  readonly tally = new HttpTally();
  readonly sockets: SocketPool;
  private readonly calls: OutboundCalls;
  private readonly agents: readonly Agents[];
  private cutting: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    { resolve, now, isPublic }: PoolDependencies = REAL_DEPENDENCIES,
  ) {
    const limits = {
      maxSockets: config.httpPoolMaxSockets,
      maxSocketsPerHost: config.httpPoolMaxSocketsPerHost,
    };
    const ttlMs = config.httpDnsTtlSeconds * 1000;
    const dns = new DnsCache({ ttlMs, resolve, now });
    this.sockets = new SocketPool({ ...limits, maxAgeMs: ttlMs, now });
    const agents = pooledAgents({ sockets: this.sockets, dns });
    const publicAgents = pooledAgents({ sockets: this.sockets, dns, allows: isPublic });
    this.agents = [agents, publicAgents];
    this.calls = new OutboundCalls({
      slots: new CallSlots(limits),
      sockets: this.sockets,
      tally: this.tally,
      agents,
      publicAgents,
    });
    this.axios = create({ ...callDefaults(config.httpTimeoutSeconds * 1000), adapter: this.calls.adapter });
    // For errors outside of the adapter, such as a body that is not JSON.
    this.axios.interceptors.response.use(
      undefined,
      (error: { config?: { method?: string; url?: string; baseURL?: string } }) => {
        const { method, url = '', baseURL } = error.config ?? {};
        throw failureOf(error, callName(method, URL.parse(url, baseURL)));
      },
    );
  }

  /** The shutdown deadline starts here, as it does for incoming requests. */
  beforeApplicationShutdown(): void {
    this.cutting = setTimeout(() => this.calls.cutAll(), this.config.shutdownDeadlineSeconds * 1000);
  }

  /** Runs when the requests that make calls have ended. Running calls finish, or are ended at the deadline. */
  async onApplicationShutdown(): Promise<void> {
    await this.calls.drain();
    clearTimeout(this.cutting);
    for (const { httpAgent, httpsAgent } of this.agents) {
      httpAgent.destroy();
      httpsAgent.destroy();
    }
    this.sockets.closeAll();
  }
}
