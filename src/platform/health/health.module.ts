import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Dependencies } from './dependencies.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.service.js';

@Module({
  // Terminus would log every failed probe. The pool logs an unreachable database once.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Dependencies, Readiness],
})
export class HealthModule {}
