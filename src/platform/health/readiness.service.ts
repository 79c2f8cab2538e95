import { Injectable } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Dependencies } from './dependencies.js';
import type { ReadinessReport } from './health.schemas.js';

const TIMEOUT_MS = 1_000;
/** However many probes there are, each dependency is asked once a second. */
const MEMORY_MS = 1_000;
const RETRY_AFTER_SECONDS = 1;

/** May this process be sent requests? */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly lifecycle: Lifecycle,
    private readonly dependencies: Dependencies,
  ) {}

  /** @throws ServiceUnavailable while warming up, while draining, and while PostgreSQL is away for longer than answers are kept */
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

  /** While it is away, cached reads go on for the time that stale answers are kept. */
  private async postgres(): Promise<HealthIndicatorResult> {
    const result = await this.ask('postgresql', () => this.dependencies.askPostgres());
    const isUp = result['postgresql']?.status === 'up';
    return isUp || !this.dependencies.isPostgresMissedBriefly
      ? result
      : this.indicators.check('postgresql').degraded();
  }

  /** Whatever Redis does, PostgreSQL can do too. */
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
