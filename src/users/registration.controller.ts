import { Body, Controller, Post } from '@nestjs/common';
import { AnswersWith } from '../platform/answers/answers-with.js';
import { RateLimit } from '../platform/rate-limits/rate-limit.guard.js';
import { RegistrationService } from './registration.service.js';
import {
  type RegisteredUser,
  registeredUserSchema,
  type Registration,
  registrationSchema,
} from './users.schemas.js';

@Controller('api/register')
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Makes an account. */
  @Post()
  @RateLimit('register')
  @AnswersWith(201, registeredUserSchema)
  register(@Body({ schema: registrationSchema }) body: Registration): Promise<RegisteredUser> {
    return this.registration.register(body);
  }
}
