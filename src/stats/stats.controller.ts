import { Controller, Get } from '@nestjs/common';
import { IgnoresCredentials } from '../platform/access/access.js';
import { type Stats, StatsService } from './stats.service.js';

@Controller('stats')
@IgnoresCredentials()
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get()
  show(): Promise<Stats> {
    return this.stats.get();
  }
}
