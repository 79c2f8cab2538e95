import { Controller, Get, Header } from '@nestjs/common';
import { register } from 'prom-client';
import { IgnoresCredentials } from '../access/access.js';
import { Documents } from '../openapi/documents.js';
import { scrape } from './scrape.js';

/** `/metrics` at PORT, unless METRICS_PORT moves it away. */
@Controller()
@IgnoresCredentials()
export class MetricsController {
  /** Numbers for Prometheus. With METRICS_PORT they are there and not here. */
  @Get()
  @Header('content-type', register.contentType)
  @Documents({ answers: [{ status: 200, mediaType: 'text/plain' }] })
  show(): Promise<string> {
    return scrape();
  }
}
