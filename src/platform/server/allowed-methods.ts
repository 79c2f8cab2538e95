import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';

/** Remembers every route, to tell a path that does not exist (404) from a method it does not have (405). */
export class AllowedMethods {
  private readonly methods = new Set<string>();
  private readonly routes = findMyWay({ ignoreTrailingSlash: false, maxParamLength: 500 });

  /** Must be called before the routes are registered. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) {
        if (url === '*' || url === '/*' || this.routes.hasRoute(name as 'GET', url)) continue;
        this.methods.add(name);
        this.routes.on(name as 'GET', url, () => undefined);
      }
    });
  }

  /** @param path without its query @returns upper-case methods, none when there is no such path */
  of(path: string): string[] {
    return [...this.methods].filter((method) => this.routes.find(method as 'GET', path) !== null).sort();
  }
}
