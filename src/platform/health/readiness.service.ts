import { Injectable } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Dependencies } from './dependencies.js';
import type { ReadinessReport } from './health.schemas.js';

const TIMEOUT_MS = 1_000;
/** Each dependency is checked once per second, however many probes there are. */
const MEMORY_MS = 1_000;
const RETRY_AFTER_SECONDS = 1;

/** Decides whether this process may be sent requests. */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly lifecycle: Lifecycle,
    private readonly dependencies: Dependencies,
  ) {}

  /**
   * @throws ServiceUnavailable while warming up, while draining, and when PostgreSQL has been unreachable for longer
   * than stale answers may be served
   */
  async check(): Promise<ReadinessReport> {
    if (this.lifecycle.isDraining) throw unavailable('This process is stopping.');
    if (!this.lifecycle.isWarm) throw unavailable('This process is warming up.');
    const result = await this.health
      .check([() => this.postgres(), () => this.redis()])
      .catch((cause: unknown) => Promise.reject(unavailable('PostgreSQL cannot be reached.', cause)));
    const checks = Object.entries(result.details).map(([name, { status }]) => [name, status]);
    return {
      status: result.status === 'degraded' ? 'degraded' : 'ok',
      checks: Object.fromEntries(checks) as ReadinessReport['checks'],
    };
  }

  /**
   * Cached reads continue for STALE_IF_ERROR_SECONDS without PostgreSQL, and all reads continue while its disk is full.
   */
  private async postgres(): Promise<HealthIndicatorResult> {
    const result = await this.ask('postgresql', () => this.dependencies.askPostgres());
    const isUp = result['postgresql']?.status === 'up';
    const isDegraded = isUp ? this.dependencies.isStorageFull : this.dependencies.isPostgresMissedBriefly;
    return isDegraded ? this.indicators.check('postgresql').degraded() : result;
  }

  /** PostgreSQL can do everything that Redis does. */
  private async redis(): Promise<HealthIndicatorResult> {
    if (!this.dependencies.hasRedis) return {};
    const result = await this.ask('redis', () => this.dependencies.askRedis());
    return result['redis']?.status === 'up' ? result : this.indicators.check('redis').degraded();
  }

  private async ask(name: string, question: () => Promise<void>): Promise<HealthIndicatorResult> {
    return this.indicators.check(name).attempt(question).withTimeout(TIMEOUT_MS).cacheFor(MEMORY_MS);
  }
}

const unavailable = (detail: string, cause?: unknown): ServiceUnavailable =>
  new ServiceUnavailable(detail, RETRY_AFTER_SECONDS, cause);
