import { Problem } from './problem.js';

export class RouteNotFound extends Problem {
  constructor(path: string) {
    super({
      status: 404,
      code: 'route.not_found',
      title: 'There is nothing here',
      detail: `No route matches ${path}.`,
    });
  }
}

export class MethodNotAllowed extends Problem {
  constructor(method: string, allowed: readonly string[]) {
    super({
      status: 405,
      code: 'route.method_not_allowed',
      title: 'Method not allowed',
      detail: `${method} is not one of ${allowed.join(', ')}.`,
      headers: { allow: allowed.join(', ') },
    });
  }
}
