import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';
import { pathOf } from './send-problem.js';

/** The methods of the routes at a path, in upper case. */
export interface MethodsOfPaths {
  of(path: string): string[];
}

export class RouteNotFound extends Problem {
  constructor(path: string) {
    super({
      code: 'route.not_found',
      detail: `No route matches ${path}.`,
    });
  }
}

class MethodNotAllowed extends Problem {
  constructor(method: string, allowed: readonly string[]) {
    super({
      code: 'route.method_not_allowed',
      detail: `${method} is not one of ${allowed.join(', ')}.`,
      headers: { allow: allowed.join(', ') },
    });
  }
}

/** Why no route matches a request: the path is unknown (404), or it does not support the method (405). */
export function noSuchRoute(request: FastifyRequest, methods: MethodsOfPaths): Problem {
  const allowed = methods.of(pathOf(request));
  // This router may match an empty parameter, which the server's own router does not.
  return allowed.length === 0 || allowed.includes(request.method)
    ? new RouteNotFound(pathOf(request))
    : new MethodNotAllowed(request.method, allowed);
}
