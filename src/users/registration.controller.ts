import { Body, Controller, Headers, Post, UseGuards } from '@nestjs/common';
import { type Client, CurrentClient } from '../platform/access/client.js';
import { AnswersWith } from '../platform/openapi/documents.js';
import type { Outcome } from '../platform/responses/answer.js';
import { RateLimit } from '../platform/rate-limits/rate-limit.decorator.js';
import { BodyLimit, CREDENTIALS_BODY_LIMIT } from '../platform/server/body-limit.js';
import { RegistrationGuard } from './registration.guard.js';
import { RegistrationService } from './registration.service.js';
import {
  type RegisteredUser,
  registeredUserSchema,
  type Registration,
  registrationSchema,
} from './users.schemas.js';

@Controller('api/register')
@UseGuards(RegistrationGuard)
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Creates an account. Idempotency keys belong to the client's address. */
  @Post()
  @RateLimit('register')
  @BodyLimit(CREDENTIALS_BODY_LIMIT)
  @AnswersWith(201, registeredUserSchema)
  register(
    @Body({ schema: registrationSchema }) body: Registration,
    @CurrentClient() { network }: Client,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<Outcome<RegisteredUser>> {
    return this.registration.register(body, network, idempotencyKey);
  }
}
