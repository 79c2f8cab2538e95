import { type Absence, Problem } from '../platform/errors/problem.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';

/** No such post, or a draft of somebody else: to the caller these are the same. */
export class PostNotFound extends Problem {
  constructor(reference: string, absence?: Absence) {
    super({
      status: 404,
      code: 'post.not_found',
      title: 'There is no such post',
      detail: `No post has the id or slug ${JSON.stringify(reference)}.`,
      ...(absence === undefined ? {} : { absence: { tags: absence.tags, snapshot: absence.snapshot } }),
    });
  }
}

export class PostNotYours extends Problem {
  constructor() {
    super({
      status: 403,
      code: 'post.not_yours',
      title: 'This post belongs to somebody else',
      detail: 'Only its author and administrators may change a post.',
    });
  }
}

export class PostVersionMismatch extends Problem {
  constructor(version: number) {
    super({
      status: 412,
      code: 'post.version_mismatch',
      title: 'The post was changed in the meantime',
      detail: `If-Match names another version than the current one, ${version}. Read the post again, and repeat the change on it.`,
    });
  }
}

export class SlugTaken extends Problem {
  constructor(slug: string) {
    super({
      status: 409,
      code: 'post.slug_taken',
      title: 'Another post has this slug',
      detail: `The slug ${slug} is taken. Choose another one, or leave it out to have one made from the title.`,
    });
  }
}

export class CategoryNotFound extends Problem {
  constructor(id: number) {
    super({
      status: 422,
      code: 'category.not_found',
      title: 'There is no such category',
      detail: `No category has the id ${id}. Give category_name to have one made.`,
      errors: [{ pointer: '/category_id', detail: 'There is no category of this id.' }],
    });
  }
}

const CHALLENGE = 'Bearer realm="inkwell"';

/** The account was deleted after its token was checked. */
export class AuthorGone extends Problem {
  constructor() {
    super({
      status: 401,
      code: 'auth.invalid_token',
      title: 'The access token is not valid',
      detail: 'The account of this token does not exist any more.',
      headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
    });
  }
}

export class DraftsNeedLogin extends Problem {
  constructor() {
    super({
      status: 401,
      code: 'auth.required',
      title: 'Log in first',
      detail: 'Drafts are shown to their authors: Authorization: Bearer <token>.',
      headers: { 'www-authenticate': CHALLENGE },
    });
  }
}

export class CursorOfAnotherList extends ValidationFailed {
  constructor() {
    super([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
  }
}
