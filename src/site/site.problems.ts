import { type Absence, Problem } from '../platform/errors/problem.js';

export class PageNotFound extends Problem {
  constructor(path: string, absence: Absence) {
    super({
      status: 404,
      code: 'page.not_found',
      title: 'There is no such page',
      detail: `Nothing has the address ${path}.`,
      absence,
    });
  }
}
