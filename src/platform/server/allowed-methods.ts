import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';

/** Records every route, to tell an unknown path (404) from an unsupported method (405). */
export class AllowedMethods {
  private readonly methods = new Set<string>();
  private readonly routes = findMyWay({ ignoreTrailingSlash: false, maxParamLength: 500 });

  /** Call this before the routes are registered. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) {
        if (url === '*' || url === '/*' || this.routes.hasRoute(name as 'GET', url)) continue;
        this.methods.add(name);
        this.routes.on(name as 'GET', url, () => undefined);
      }
    });
  }

  /** @param path without its query @returns methods in upper case; none if the path is unknown */
  of(path: string): string[] {
    return [...this.methods].filter((method) => this.routes.find(method as 'GET', path) !== null).sort();
  }
}
