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
import { RateLimit } from '../rate-limits/rate-limit.decorator.js';
import { Cached } from './cached.decorator.js';
import { handlerCallOf, bypassedMetadata } from './handler-call.js';

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

@UseInterceptors(change)
class Intercepted {
  @Route()
  find(): void {}
}

type Controller = typeof Notes | typeof Guarded | typeof Intercepted;
const handlerOf = (controller: Controller, name: string): object =>
  (controller.prototype as unknown as Record<string, object>)[name]!;

const callOf = (controller: Controller, name: string) => {
  // The part of a context that the code reads.
  const context = {
    getClass: () => controller,
    getHandler: () => handlerOf(controller, name),
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

  it.each([Guarded, Intercepted])(
    'leaves to the router the handlers of a controller that is %p',
    (controller) => {
      expect(callOf(controller, 'find')).toBeUndefined();
    },
  );
});

describe('bypassedMetadata', () => {
  it.each([
    ['limited', 'inkwell:rate-limits'],
    ['guarded', '__guards__'],
    ['forUsers', 'inkwell:required-role'],
    ['moved', '__redirect__'],
    ['withUnknown', 'anything-new'],
  ])('names what a hit would not see of a handler %s', (name, passed) => {
    expect(bypassedMetadata(Notes, handlerOf(Notes, name))).toEqual([passed]);
  });

  it('names interceptors, and what is said of the controller', () => {
    expect(bypassedMetadata(Notes, handlerOf(Notes, 'changed'))).toEqual(['__interceptors__']);
    expect(bypassedMetadata(Guarded, handlerOf(Guarded, 'find'))).toEqual(['__guards__']);
    expect(bypassedMetadata(Intercepted, handlerOf(Intercepted, 'find'))).toEqual(['__interceptors__']);
  });

  it.each(['find', 'withHeader', 'ofRequest'])('finds nothing at a handler %s', (name) => {
    expect(bypassedMetadata(Notes, handlerOf(Notes, name))).toEqual([]);
  });
});
