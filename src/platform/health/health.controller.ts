import { Controller, Get } from '@nestjs/common';
import { IgnoresCredentials } from '../access/access.js';
import { Readiness, type ReadinessReport } from './readiness.service.js';

const OK = { status: 'ok' } as const;

/** What orchestrators and load balancers ask. */
@Controller()
@IgnoresCredentials()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Asks nothing of anybody: a process is not restarted because its database is away. */
  @Get(['livez', 'health'])
  live(): typeof OK {
    return OK;
  }

  /** The listener opens when everything is started, so an answer is the answer. */
  @Get('startupz')
  started(): typeof OK {
    return OK;
  }

  @Get('readyz')
  ready(): Promise<ReadinessReport> {
    return this.readiness.check();
  }
}
