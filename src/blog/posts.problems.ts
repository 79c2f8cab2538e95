import { BEARER_CHALLENGE, INVALID_TOKEN_CHALLENGE } from '../platform/access/authenticator.js';
import { type Absence, Problem, type ProblemDetail } from '../platform/errors/problem.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';

/** There is no such post, or it is another author's draft. The caller cannot tell which. */
export class PostNotFound extends Problem {
  constructor(reference: string, absence?: Absence) {
    super({
      code: 'post.not_found',
      detail: `No post has the id or slug ${JSON.stringify(reference)}.`,
      ...(absence === undefined ? {} : { absence: { tags: absence.tags, snapshot: absence.snapshot } }),
    });
  }
}

export class PostNotYours extends Problem {
  constructor() {
    super({
      code: 'post.not_yours',
    });
  }
}

export class PostVersionMismatch extends Problem {
  /** @param etag of the current post. With an unchanged version, something else that the post shows was renamed. */
  constructor(version: number, etag: string) {
    super({
      code: 'post.version_mismatch',
      detail: `If-Match does not name the post as it is now: version ${version}, tag ${etag}. Read it again, and repeat the change on it.`,
      headers: { etag },
    });
  }
}

export class SlugTaken extends Problem {
  constructor(slug: string) {
    super({
      code: 'post.slug_taken',
      detail: `The slug ${slug} is taken. Choose another one, or leave it out to have one made from the title.`,
    });
  }
}

/** Another post has taken the slug while this one was in the trash. */
export class SlugTakenMeanwhile extends Problem {
  constructor(
    slug: string,
    readonly free: string,
  ) {
    const suggestion = JSON.stringify({ slug: free });
    super({
      code: 'post.slug_taken',
      detail: `Another post has the slug ${slug} now. Restore this one with another slug, such as ${suggestion}.`,
      errors: [{ pointer: '/slug', detail: `${slug} is taken; ${free} is free.` }],
    });
  }
}

/** The text takes too much time or memory to render. */
export class PostTooComplex extends Problem {
  constructor(cause: unknown) {
    super({
      code: 'post.too_complex',
      errors: [{ pointer: '/content', detail: 'Too much to render.' }],
      cause,
    });
  }
}

/** The account was deleted after its token was checked. */
export class AuthorGone extends Problem {
  constructor() {
    super({
      code: 'auth.invalid_token',
      detail: 'The account of this token no longer exists.',
      headers: { 'www-authenticate': INVALID_TOKEN_CHALLENGE },
    });
  }
}

export class OwnPostsNeedLogin extends Problem {
  constructor() {
    super({
      code: 'auth.required',
      detail: 'Only authors can list their own posts: Authorization: Bearer <token>.',
      headers: { 'www-authenticate': BEARER_CHALLENGE },
    });
  }
}

export class CursorOfAnotherList extends ValidationFailed {
  constructor() {
    super([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
  }
}

/** A text that cannot be saved or published. */
export class InvalidText extends Problem {
  constructor(errors: readonly ProblemDetail[]) {
    super({
      code: 'post.invalid_text',
      detail: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '),
      errors,
    });
  }
}

/** Somebody else, or the same person in another tab, has changed the text or the published post. */
export class TextChanged extends Problem {
  /** @param current the document of the text as it is now */
  constructor(current: object, etag: string) {
    super({ code: 'post.version_mismatch', headers: { etag }, members: { current } });
  }
}

export class IfMatchMissing extends Problem {
  constructor() {
    super({ code: 'post.if_match_missing' });
  }
}

/** The post must be restored before it is changed. */
export class PostInTrash extends Problem {
  constructor() {
    super({ code: 'post.in_trash' });
  }
}
