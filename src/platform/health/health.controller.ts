import { Controller, Get } from '@nestjs/common';
import { IgnoresCredentials } from '../access/access.js';
import { AnswersWith } from '../openapi/documents.js';
import { type Alive, aliveSchema, type ReadinessReport, readinessSchema } from './health.schemas.js';
import { Readiness } from './readiness.service.js';

const OK: Alive = { status: 'ok' };

/** The probes for orchestrators and load balancers. */
@Controller()
@IgnoresCredentials()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /**
   * The process is alive. This does not depend on other servers: restarting a process does not bring its database back.
   */
  @Get('livez')
  @AnswersWith(200, aliveSchema)
  live(): Alive {
    return OK;
  }

  /** The same as `/livez`. */
  @Get('health')
  @AnswersWith(200, aliveSchema)
  health(): Alive {
    return OK;
  }

  /** The process has started. Its port opens when everything else is done. */
  @Get('startupz')
  @AnswersWith(200, aliveSchema)
  started(): Alive {
    return OK;
  }

  /** The process is ready for requests. */
  @Get('readyz')
  @AnswersWith(200, readinessSchema)
  ready(): Promise<ReadinessReport> {
    return this.readiness.check();
  }
}
