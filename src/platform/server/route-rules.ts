import { RequestMethod, type Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { FastifyInstance, FastifyRequest, onSendHookHandler } from 'fastify';
import { ADMITS_OPERATORS, CREDENTIALS, REQUIRED_ROLE } from '../access/access.js';
import type { AccessRule, Credentials } from '../access/authenticator.js';
import type { Role } from '../access/principal.js';
import { IS_NO_WRITE, RATE_LIMITS } from '../rate-limits/rate-limit.decorator.js';
import type { PolicyName } from '../rate-limits/rate-limit-policies.js';
import { BODY_LIMIT, DEFAULT_BODY_LIMIT, IS_STREAMED } from './body-limit.js';

/** The checks that a request must pass before its body is read. */
export interface RouteRules {
  readonly access: AccessRule;
  /** By client network. */
  readonly limits: readonly PolicyName[];
  /** True if the route changes something for an account. Counted by account and by client network. */
  readonly isWrite: boolean;
  readonly bodyLimit: number;
  /** True if the handler reads the body while it arrives. */
  readonly isStreamed: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on every route of a controller. */
    rules?: RouteRules;
  }
}

type Handler = (...given: unknown[]) => unknown;

/**
 * The rules of all handlers from their decorators, by the name that Nest gives a route, such as `PostsController.list`.
 */
export class RouteRulesTable {
  private readonly rules = new Map<string, RouteRules>();
  private readonly unseen = new Set<string>();

  constructor(modules: ModulesContainer, reflector: Reflector) {
    const controllers = new Set(
      [...modules.values()].flatMap((module) =>
        [...module.controllers.values()].map(({ metatype }) => metatype as Type<object>),
      ),
    );
    for (const controller of controllers) this.declare(controller, reflector);
  }

  /** Attaches the rules to the routes. Call it before the routes are registered. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', (route) => {
      if (route.method === 'HEAD') route.onSend = [...[route.onSend ?? []].flat(), withoutLengthOf304];
      const rules = this.rules.get(route.handler.name);
      if (rules === undefined) return;
      this.unseen.delete(route.handler.name);
      route.config = { ...route.config, rules };
      route.bodyLimit = rules.bodyLimit;
    });
    server.addHook('onReady', (done) => {
      // A handler without its rules would be open to everyone.
      const error =
        this.unseen.size === 0
          ? undefined
          : new Error(`No route was registered for ${[...this.unseen].join(', ')}`);
      done(error);
    });
  }

  private declare(controller: Type<object>, reflector: Reflector): void {
    const prototype = controller.prototype as Record<string, Handler>;
    for (const method of new MetadataScanner().getAllMethodNames(prototype)) {
      const handler = prototype[method]!;
      if (!Reflect.hasMetadata(PATH_METADATA, handler)) continue;
      const name = `${controller.name}.${method}`;
      if (this.rules.has(name)) throw new Error(`There are two handlers named ${name}`);
      this.rules.set(name, rulesOf(controller, handler, reflector));
      this.unseen.add(name);
    }
  }
}

/** Fastify sets the length 0 on a 304 to HEAD, and clients would store it as the length of the representation. */
const withoutLengthOf304: onSendHookHandler = (_request, reply, payload, done) => {
  if (reply.statusCode === 304) void reply.removeHeader('content-length');
  done(null, payload);
};

const WRITING: ReadonlySet<RequestMethod | undefined> = new Set([
  RequestMethod.POST,
  RequestMethod.PUT,
  RequestMethod.PATCH,
  RequestMethod.DELETE,
]);

/** The rules of a handler from its own and its controller's decorators. @public `npm run generate` uses it too. */
export function rulesOf(controller: Type<object>, handler: Handler, reflector: Reflector): RouteRules {
  const declared = <T>(key: string): T | undefined =>
    reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
  const role = declared<Role>(REQUIRED_ROLE);
  return {
    access: {
      role,
      admitsOperators: declared<boolean>(ADMITS_OPERATORS) ?? false,
      credentials: declared<Credentials>(CREDENTIALS) ?? 'token',
    },
    limits: declared<readonly PolicyName[]>(RATE_LIMITS) ?? [],
    isWrite:
      role !== undefined &&
      WRITING.has(reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler)) &&
      declared<boolean>(IS_NO_WRITE) !== true,
    bodyLimit: declared<number>(BODY_LIMIT) ?? DEFAULT_BODY_LIMIT,
    isStreamed: declared<boolean>(IS_STREAMED) ?? false,
  };
}

/** Does the session cookie authenticate a request? The route decides, not the spelling of its URL. */
export const isByCookie = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.rules?.access.credentials === 'cookie';
