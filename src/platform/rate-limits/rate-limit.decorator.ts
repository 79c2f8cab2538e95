import { SetMetadata } from '@nestjs/common';
import { Documents } from '../openapi/documents.js';
import type { PolicyName } from './rate-limit-policies.js';

/** Read once per route, when the server starts. */
export const RATE_LIMITS = 'inkwell:rate-limits';

/**
 * Limits a route per client network, before the request costs anything. Its answers carry `RateLimit` and
 * `RateLimit-Policy`, and the answer is 429 if the quota is used up. A route may have several limits.
 */
export const RateLimit =
  (policy: PolicyName): MethodDecorator =>
  (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const declared = (Reflect.getOwnMetadata(RATE_LIMITS, handler) ?? []) as readonly PolicyName[];
    // Decorators are applied from the last to the first.
    Reflect.defineMetadata(RATE_LIMITS, [policy, ...declared], handler);
    if (declared.length === 0) Documents({ answers: [{ status: 429 }] })(target, key, descriptor);
  };

/** Set on handlers that change something but do not count as writes. */
export const IS_NO_WRITE = 'inkwell:is-no-write';

/** Does not count as a write, so that a used-up quota does not prevent a logout. */
export const NotCountedAsWrite = (): MethodDecorator & ClassDecorator => SetMetadata(IS_NO_WRITE, true);
