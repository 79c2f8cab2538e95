import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';
import type { Config } from '../../config.js';
import { CacheMetrics } from './cache-metrics.js';
import { CoherenceMetrics } from './coherence-metrics.js';
import { CostlyReadMetrics } from './costly-read-metrics.js';
import { DatabasePoolMetrics } from './database-pool-metrics.js';
import { DatabaseQueryMetrics } from './database-query-metrics.js';
import { HttpClientMetrics } from './http-client-metrics.js';
import { httpInstruments, HttpMetrics } from './http-metrics.js';
import { MetricsServer } from './metrics-server.js';
import { MetricsController } from './metrics.controller.js';
import { OutboxMetrics } from './outbox-metrics.js';
import { RuntimeMetrics } from './runtime-metrics.js';
import { StorageMetrics } from './storage-metrics.js';

/** PrometheusModule needs a controller even if METRICS_PORT has a server of its own. */
@Controller()
class NoRoutes {}

/**
 * There is one registry per process. A second application in it, as in tests, finds the default metrics already
 * registered.
 */
const hasDefaultMetrics = (): boolean => register.getSingleMetric('process_cpu_seconds_total') !== undefined;

/** The metrics for Prometheus. */
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
      global: true,
      exports: [HttpMetrics],
      providers: [
        ...httpInstruments,
        HttpMetrics,
        CacheMetrics,
        CoherenceMetrics,
        CostlyReadMetrics,
        DatabasePoolMetrics,
        DatabaseQueryMetrics,
        HttpClientMetrics,
        OutboxMetrics,
        RuntimeMetrics,
        StorageMetrics,
        MetricsServer,
      ],
    };
  }
}
