import { Controller, Get } from '@nestjs/common';
import { type Stats, StatsService } from './stats.service.js';

@Controller('stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get()
  show(): Promise<Stats> {
    return this.stats.get();
  }
}
