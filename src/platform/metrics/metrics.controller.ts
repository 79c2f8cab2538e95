import { Controller, Get, Header } from '@nestjs/common';
import { IgnoresCredentials } from '../access/access.js';
import { register } from 'prom-client';

/** `/metrics` at PORT, unless METRICS_PORT moves it away. */
@Controller()
@IgnoresCredentials()
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  show(): Promise<string> {
    return register.metrics();
  }
}
