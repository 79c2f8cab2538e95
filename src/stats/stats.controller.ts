import { Controller, Get } from '@nestjs/common';
import { IgnoresCredentials } from '../platform/access/access.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { type Stats, statsSchema } from './stats.schemas.js';
import { StatsService } from './stats.service.js';

@Controller('stats')
@IgnoresCredentials()
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  /** What is running, and how much there is. */
  @Get()
  @AnswersWith(200, statsSchema)
  show(): Promise<Stats> {
    return this.stats.get();
  }
}
