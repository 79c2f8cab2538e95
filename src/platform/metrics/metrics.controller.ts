import { Controller, Get, Header } from '@nestjs/common';
import { register } from 'prom-client';
import { IgnoresCredentials } from '../access/access.js';
import { Documents } from '../openapi/documents.js';
import { scrape } from './scrape.js';

/** `/metrics` at PORT, unless METRICS_PORT is set. */
@Controller()
@IgnoresCredentials()
export class MetricsController {
  /** Metrics in Prometheus' text format. With METRICS_PORT, that port serves them instead. */
  @Get()
  @Header('content-type', register.contentType)
  @Documents({ answers: [{ status: 200, mediaType: 'text/plain' }] })
  show(): Promise<string> {
    return scrape();
  }
}
