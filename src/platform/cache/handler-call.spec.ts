import { describe, expect, it } from '@jest/globals';
import {
  applyDecorators,
  type ExecutionContext,
  Get,
  Header,
  Param,
  Query,
  Redirect,
  Req,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { z } from 'zod';
import { CurrentPrincipal, RequiresLogin } from '../access/access.js';
import { RateLimit } from '../rate-limits/rate-limit.guard.js';
import { Cached } from './cached.decorator.js';
import { handlerCallOf } from './handler-call.js';

const params = z.strictObject({ id: z.string() });
const query = z.strictObject({ limit: z.coerce.number() });
const declaration = { cache: 'post', ttlSeconds: 60, params, query } as const;

const Route = (...others: MethodDecorator[]): MethodDecorator =>
  applyDecorators(Get(), Cached(declaration), ...others);
const allow = { canActivate: () => true };
const change = { intercept: () => Promise.reject(new Error('not called')) };

class Notes {
  private readonly word = 'note';

  @Route()
  find(
    @CurrentPrincipal() principal: unknown,
    @Query({ schema: query }) { limit }: { limit: number },
    @Param({ schema: params }) { id }: { id: string },
  ): string {
    return `${this.word} ${id} ${limit} ${String(principal)}`;
  }

  @Route(RateLimit('login'))
  limited(): void {}
  @Route(UseGuards(allow))
  guarded(): void {}
  @Route(RequiresLogin())
  forUsers(): void {}
  @Route(UseInterceptors(change))
  changed(): void {}
  @Route(Header('x-own', '1'))
  withHeader(): void {}
  @Route(Redirect('/elsewhere'))
  moved(): void {}
  @Route(SetMetadata('anything-new', true))
  withUnknown(): void {}
  @Route()
  ofRequest(@Req() _request: unknown): void {}
  @Route()
  ofOneParameter(@Query('limit') _limit: unknown): void {}
  @Route()
  ofOtherSchema(@Query({ schema: z.strictObject({}) }) _query: unknown): void {}
}

@UseGuards(allow)
class Guarded {
  @Route()
  find(): void {}
}

const callOf = (controller: typeof Notes | typeof Guarded, name: string) => {
  // The part of a context that is looked at.
  const context = {
    getClass: () => controller,
    getHandler: () => (controller.prototype as unknown as Record<string, unknown>)[name],
  } as unknown as ExecutionContext;
  return handlerCallOf(context, declaration, (type) => new type() as object);
};

describe('handlerCallOf', () => {
  it('calls the handler on its controller with what the schemas let through, and nobody as the caller', () => {
    const call = callOf(Notes, 'find');
    expect(call?.({ params: { id: 'a' }, query: { limit: 3 } })).toBe('note a 3 undefined');
  });

  it.each([
    'limited',
    'guarded',
    'forUsers',
    'changed',
    'withHeader',
    'moved',
    'withUnknown',
    'ofRequest',
    'ofOneParameter',
    'ofOtherSchema',
  ])('leaves to the router a handler %s', (name) => expect(callOf(Notes, name)).toBeUndefined());

  it('leaves to the router the handlers of a controller with a guard', () => {
    expect(callOf(Guarded, 'find')).toBeUndefined();
  });
});
