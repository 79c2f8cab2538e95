import { Body, Controller, Get, Headers, Patch } from '@nestjs/common';
import { CurrentPrincipal, RequiresRole } from '../platform/access/access.js';
import type { Principal } from '../platform/access/principal.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import { Answer, type Outcome } from '../platform/responses/answer.js';
import { Cached } from '../platform/responses/cached.decorator.js';
import { type SiteChanges, siteChangesSchema, siteSchema } from './settings.schemas.js';
import { SettingsService } from './settings.service.js';

@Controller('api/site')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  /** The settings of the blog. */
  @Get()
  @Cached({ cache: 'site', ttlSeconds: 3600 })
  @AnswersWith(200, siteSchema)
  async show(): Promise<Answer> {
    return new Answer(await this.settings.read());
  }

  /** Changes the given settings and leaves the others. Those that the environment fixes cannot be changed. */
  @Patch()
  @RequiresRole('admin')
  @AnswersWith(200, siteSchema)
  change(
    @Body({ schema: siteChangesSchema }) changes: SiteChanges,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<Answer>> {
    return this.settings.change(changes, { principal, ifMatch, idempotencyKey });
  }
}
