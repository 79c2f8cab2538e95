import { Controller, Get } from '@nestjs/common';
import { IgnoresCredentials } from '../access/access.js';
import { AnswersWith } from '../answers/answers-with.js';
import { type Alive, aliveSchema, type ReadinessReport, readinessSchema } from './health.schemas.js';
import { Readiness } from './readiness.service.js';

const OK: Alive = { status: 'ok' };

/** What orchestrators and load balancers ask. */
@Controller()
@IgnoresCredentials()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process is alive. Asks nobody else: a process is not restarted because its database is away. */
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

  /** The process has started: the listener opens when everything else is done. */
  @Get('startupz')
  @AnswersWith(200, aliveSchema)
  started(): Alive {
    return OK;
  }

  /** Requests may be sent to this process. */
  @Get('readyz')
  @AnswersWith(200, readinessSchema)
  ready(): Promise<ReadinessReport> {
    return this.readiness.check();
  }
}
