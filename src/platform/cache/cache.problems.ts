import { Problem } from '../errors/problem.js';

export class NoCachedRoute extends Problem {
  constructor(path: string) {
    super({
      status: 404,
      code: 'cache.no_cached_route',
      title: 'No cached route has this path',
      detail: `GET ${path.slice(0, 200)} is not answered by a route with a cache.`,
    });
  }
}
