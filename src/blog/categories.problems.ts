import { Problem } from '../platform/errors/problem.js';

/** The category in the path of the request. */
export class CategoryUnknown extends Problem {
  constructor(id: number) {
    super({ code: 'category.unknown', detail: `No category has the id ${id}.` });
  }
}

/** The category that a request body names. */
export class CategoryNotFound extends Problem {
  constructor(id: number, pointer: '/category_id' | '/into' = '/category_id') {
    const hint = pointer === '/into' ? 'Name another category.' : 'Give category_name to create one.';
    super({
      code: 'category.not_found',
      detail: `No category has the id ${id}. ${hint}`,
      errors: [{ pointer, detail: 'There is no category with this id.' }],
    });
  }
}

export class CategoryNameTaken extends Problem {
  constructor(name: string) {
    super({
      code: 'category.name_taken',
      detail: `Another category has the name ${JSON.stringify(name)}. Merge the two to have one of them.`,
      errors: [{ pointer: '/name', detail: 'Another category has this name.' }],
    });
  }
}

/** Posts without another category need it. */
export class GeneralStays extends Problem {
  constructor() {
    super({ code: 'category.always_exists' });
  }
}
