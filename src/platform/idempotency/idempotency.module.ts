import { Module } from '@nestjs/common';
import { IdempotentRequests } from './idempotent-requests.js';

/** Repeated requests that take effect only once. */
@Module({ providers: [IdempotentRequests], exports: [IdempotentRequests] })
export class IdempotencyModule {}
