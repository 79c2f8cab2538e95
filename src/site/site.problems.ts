import { type Absence, Problem } from '../platform/errors/problem.js';

export class PageNotFound extends Problem {
  constructor(path: string, absence: Absence) {
    super({
      code: 'page.not_found',
      detail: `Nothing has the address ${path}.`,
      absence,
    });
  }
}
