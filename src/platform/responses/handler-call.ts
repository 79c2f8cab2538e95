import { type ExecutionContext, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { HEADERS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { principalOf } from '../access/access.js';
import { DOCUMENTATION } from '../openapi/documents.js';
import { CACHE_DECLARATION, type CacheDeclaration } from './cached.decorator.js';

/** The parts of a request as the schemas of its route parsed them. */
export interface ValidInput {
  readonly params: unknown;
  readonly query: unknown;
}

/** Calls a handler as the router would for a valid request without credentials. */
export type HandlerCall = (input: ValidInput) => unknown;

/** Nest's metadata of a handler's parameter. */
interface Parameter {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
  readonly schema?: unknown;
  readonly factory?: unknown;
}

/**
 * Metadata of a handler and its controller that does not affect an anonymous, valid GET. Anything else (a guard, a
 * limit, a required role, a header) needs the router.
 */
const HARMLESS: ReadonlySet<unknown> = new Set([
  'path',
  'method',
  'host',
  'scope:options',
  '__version__',
  '__controller__',
  '__httpCode__',
  '__fastify_route_config__',
  CACHE_DECLARATION,
  DOCUMENTATION,
]);
const isHarmless = (key: unknown): boolean =>
  HARMLESS.has(key) || (typeof key === 'string' && key.startsWith('design:'));

/** The front door learns these with the other headers of a route. */
const LEARNT: ReadonlySet<unknown> = new Set([HEADERS_METADATA]);

const keysOf = (controller: Type, handler: object): unknown[] =>
  [controller, handler].flatMap((about) => Reflect.getMetadataKeys(about) as unknown[]);

/**
 * Lists the metadata of a handler and its controller that a hit at the front door would bypass: a guard, a role, a
 * limit, an interceptor. Such a handler must not have `@Cached`.
 */
export function bypassedMetadata(controller: Type, handler: object): string[] {
  return keysOf(controller, handler)
    .filter((key) => !isHarmless(key) && !LEARNT.has(key))
    .map(String);
}

/** @returns undefined if the handler needs more than a valid, anonymous request has */
export function handlerCallOf(
  context: ExecutionContext,
  declaration: CacheDeclaration<unknown>,
  instanceOf: (controller: Type) => object,
): HandlerCall | undefined {
  const [controller, handler] = [context.getClass(), context.getHandler()];
  if (!keysOf(controller, handler).every(isHarmless)) return undefined;
  const metadata = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) as
    Readonly<Record<string, Parameter>> | undefined;
  const sources = Object.entries(metadata ?? {}).map(
    ([key, parameter]) => [parameter.index, sourceOf(key, parameter, declaration)] as const,
  );
  if (sources.some(([, source]) => source === undefined)) return undefined;
  const instance = instanceOf(controller);
  return (input) => {
    const given: unknown[] = [];
    for (const [index, source] of sources) given[index] = source!(input);
    return Reflect.apply(handler, instance, given) as unknown;
  };
}

type Source = (input: ValidInput) => unknown;

/** Finds the value of a parameter. Its schema must be the one that the key is made with. */
function sourceOf(
  key: string,
  { data, pipes, schema, factory }: Parameter,
  declared: CacheDeclaration<unknown>,
): Source | undefined {
  if (data !== undefined || pipes.length > 0) return undefined;
  if (factory === principalOf) return () => undefined;
  if (schema === undefined || factory !== undefined) return undefined;
  const isOf = (type: RouteParamtypes): boolean => key.startsWith(`${type}:`);
  if (isOf(RouteParamtypes.QUERY) && schema === declared.query) return ({ query }) => query;
  if (isOf(RouteParamtypes.PARAM) && schema === declared.params) return ({ params }) => params;
  return undefined;
}

/** Refuses to start if the front door would bypass the guard of a cached handler. */
@Injectable()
export class CachedHandlersCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly methods: MetadataScanner,
  ) {}

  /** @throws if there is such a handler */
  onModuleInit(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      if (typeof metatype === 'function') this.check(metatype as Type);
    }
  }

  private check(controller: Type): void {
    const prototype = controller.prototype as Record<string, object>;
    for (const name of this.methods.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      if (!Reflect.hasMetadata(CACHE_DECLARATION, handler)) continue;
      const passed = bypassedMetadata(controller, handler);
      if (passed.length === 0) continue;
      throw new Error(
        `${controller.name}.${name} has @Cached, but hits would bypass its other metadata: ${passed.join(', ')}`,
      );
    }
  }
}
