import type { ExecutionContext, Type } from '@nestjs/common';
import { INTERCEPTORS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { principalOf } from '../access/access.js';
import { DOCUMENTATION } from '../openapi/documents.js';
import { CACHE_DECLARATION, type CacheDeclaration } from './cache-declaration.js';

/** What of a request the schemas of its route let through. */
export interface ValidInput {
  readonly params: unknown;
  readonly query: unknown;
}

/** Calls a handler as the router does for a valid request without credentials. */
export type HandlerCall = (input: ValidInput) => unknown;

/** What Nest knows of a parameter of a handler. */
interface Parameter {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
  readonly schema?: unknown;
  readonly factory?: unknown;
}

/**
 * What may be said of a handler and its controller without changing what an anonymous, valid GET leads to. Anything else
 * — a guard, a limit, a required role, a header — is for the router.
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
  INTERCEPTORS_METADATA,
  CACHE_DECLARATION,
  DOCUMENTATION,
]);
const isHarmless = (key: unknown): boolean =>
  HARMLESS.has(key) || (typeof key === 'string' && key.startsWith('design:'));

/** @returns undefined when the handler takes, or asks for, more than such a request has */
export function handlerCallOf(
  context: ExecutionContext,
  declaration: CacheDeclaration<unknown>,
  instanceOf: (controller: Type) => object,
): HandlerCall | undefined {
  const [controller, handler] = [context.getClass(), context.getHandler()];
  const keys = [controller, handler].flatMap((about) => Reflect.getMetadataKeys(about) as unknown[]);
  const interceptors = Reflect.getMetadata(INTERCEPTORS_METADATA, handler) as readonly unknown[];
  // The one is the cache's own.
  if (!keys.every(isHarmless) || interceptors.length !== 1) return undefined;
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

/** Where the value of a parameter comes from. Schemas must be those that the key is made with. */
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
