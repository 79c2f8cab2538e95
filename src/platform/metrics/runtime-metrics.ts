import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import { Gauge, register } from 'prom-client';
import { buildId } from '../build-info/build-id.js';
import { buildInfo } from '../build-info/build-info.js';
import { registerObservedGauge } from './observed-gauge.js';

/** Adds to prom-client's defaults: the build, and how busy the event loop was since the last scrape. */
@Injectable()
export class RuntimeMetrics {
  private last = performance.eventLoopUtilization();

  constructor() {
    registerObservedGauge({
      name: 'nodejs_eventloop_utilization',
      aggregator: 'average',
      help: 'Share of time the event loop was busy since the last scrape, 0 to 1.',
      read: () => ({ '': this.utilization() }),
    });
    register.removeSingleMetric('build_info');
    new Gauge({
      name: 'build_info',
      help: 'Always 1; the labels say what is running.',
      labelNames: ['version', 'node', 'build'],
      aggregator: 'first',
    }).set({ version: buildInfo.version, node: buildInfo.node, build: buildId }, 1);
  }

  private utilization(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.last);
    this.last = now;
    return utilization;
  }
}
