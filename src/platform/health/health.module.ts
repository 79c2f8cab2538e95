import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Dependencies } from './dependencies.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.service.js';

@Module({
  // Its logger would repeat every failed probe: the pool says once that the database is away.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Dependencies, Readiness],
})
export class HealthModule {}
