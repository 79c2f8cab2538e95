import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';
import type { Config } from '../../config.js';
import { CacheMetrics } from './cache-metrics.js';
import { CoherenceMetrics } from './coherence-metrics.js';
import { DatabasePoolMetrics } from './database-pool-metrics.js';
import { DatabaseQueryMetrics } from './database-query-metrics.js';
import { FrontDoorMetrics } from './front-door-metrics.js';
import { HttpClientMetrics } from './http-client-metrics.js';
import { HttpMetrics, httpInstruments } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsServer } from './metrics-server.js';
import { OutboxMetrics } from './outbox-metrics.js';
import { RuntimeMetrics } from './runtime-metrics.js';

/** PrometheusModule wants a controller even when METRICS_PORT has a server of its own. */
@Controller()
class NoRoutes {}

/** The registry is one per process: a second application in it, as in tests, finds the defaults there. */
const hasDefaultMetrics = (): boolean => register.getSingleMetric('process_cpu_seconds_total') !== undefined;

/** What Prometheus scrapes. */
@Module({})
export class MetricsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: MetricsModule,
      imports: [
        PrometheusModule.register({
          path: '/metrics',
          controller: config.metricsPort === undefined ? MetricsController : NoRoutes,
          defaultMetrics: { enabled: !hasDefaultMetrics() },
        }),
      ],
      providers: [
        ...httpInstruments,
        HttpMetrics,
        FrontDoorMetrics,
        CacheMetrics,
        CoherenceMetrics,
        DatabasePoolMetrics,
        DatabaseQueryMetrics,
        HttpClientMetrics,
        OutboxMetrics,
        RuntimeMetrics,
        MetricsServer,
      ],
    };
  }
}
