import { GENERAL_PROBLEM_TYPES, type ProblemType } from './general-problem-types.js';

/** Problems of single features. */
const FEATURE_PROBLEM_TYPES = {
  'auth.forbidden': {
    status: 403,
    title: 'Your role does not allow this',
    detail: 'This needs another role: reader, author or admin.',
  },
  'auth.invalid_credentials': {
    status: 401,
    title: 'The user name or the password is wrong',
    detail: 'No account has this user name and this password.',
  },
  'auth.invalid_refresh_token': {
    status: 401,
    title: 'The refresh token is not valid',
    detail: 'The session has ended. Log in again.',
  },
  'auth.invalid_token': {
    status: 401,
    title: 'The access token is not valid',
    detail: 'The access token is malformed, has expired or was revoked.',
  },
  'auth.required': {
    status: 401,
    title: 'Log in first',
    detail: 'This needs an access token: Authorization: Bearer <token>.',
  },
  'cache.no_cached_route': {
    status: 404,
    title: 'No cached route has this path',
    detail: 'No cached route answers a GET of this path.',
  },
  'category.always_exists': {
    status: 409,
    title: 'This category always exists',
    detail: 'Posts without another category belong to General, so it cannot be merged into another one.',
  },
  'category.name_taken': {
    status: 409,
    title: 'Another category has this name',
    detail: 'Merge the two categories to have one of them.',
  },
  'category.not_found': {
    status: 422,
    title: 'There is no such category',
    detail: 'No category has this id. Give category_name to create one.',
  },
  'category.unknown': {
    status: 404,
    title: 'There is no such category',
    detail: 'No category has this id.',
  },
  'directory.failed': {
    status: 502,
    title: 'Bad gateway',
    detail: 'The service that keeps the accounts gave an unusable answer.',
  },
  'import.no_file': {
    status: 422,
    title: 'There is no file to import',
    detail: 'Choose a file that is not empty.',
  },
  'import.not_found': {
    status: 404,
    title: 'There is no such import',
    detail: 'No import has this id, or its record was deleted after 90 days.',
  },
  'import.too_many': {
    status: 409,
    title: 'Too many imports are waiting',
    detail: 'Wait for an import to end, or cancel one.',
  },
  'page.not_found': {
    status: 404,
    title: 'There is no such page',
    detail: 'Nothing has this address.',
  },
  'post.if_match_missing': {
    status: 428,
    title: 'The request does not say which version it changes',
    detail: 'Send the ETag of the text in If-Match, so that nothing is overwritten unseen.',
  },
  'post.in_trash': {
    status: 409,
    title: 'The post is in the trash',
    detail: 'Restore the post before you change it.',
  },
  'post.invalid_text': {
    status: 422,
    title: 'The text is not valid',
    detail: 'The member errors names the fields and says what is wrong with them.',
  },
  'post.not_found': {
    status: 404,
    title: 'There is no such post',
    detail: 'No post has this id or slug, or it is a draft of somebody else.',
  },
  'post.not_yours': {
    status: 403,
    title: 'This post belongs to somebody else',
    detail: 'Only its author and administrators may change a post.',
  },
  'post.slug_taken': {
    status: 409,
    title: 'Another post has this slug',
    detail: 'Choose another slug, or leave it out to have one made from the title.',
  },
  'post.too_complex': {
    status: 422,
    title: 'The text cannot be rendered',
    detail:
      'It takes too much time or memory to render. Split the post, or use fewer table cells, links by reference and nested elements.',
  },
  'post.version_mismatch': {
    status: 412,
    title: 'The post was changed in the meantime',
    detail: 'If-Match does not name the post as it is now. Read it again, and repeat the change on it.',
  },
  'registration.closed': {
    status: 403,
    title: 'Registration is closed',
    detail: 'Only administrators create accounts on this site. Ask one of them.',
  },
  'session.not_found': {
    status: 404,
    title: 'There is no such session',
    detail: 'You have no session with this id, or it was already revoked.',
  },
  'session.other_account': {
    status: 409,
    title: 'This is another account',
    detail: 'The text on this page belongs to another account. Sign in with that one.',
  },
  'setup.closed': {
    status: 410,
    title: 'The setup is complete',
    detail: 'This blog has an administrator. Sign in, or ask for an account.',
  },
  'setup.wrong_token': {
    status: 403,
    title: 'The setup link is not valid',
    detail: 'Open the link that the server printed when it started, or type the setup code.',
  },
  'site.fixed': {
    status: 409,
    title: 'The environment fixes this setting',
    detail: 'Its variable is set where the server starts. Change it there, or unset it. Nothing was changed.',
  },
  'site.image_refused': {
    status: 422,
    title: 'The image cannot be used',
    detail: 'An icon or logo is a PNG, JPEG, WebP or ICO file of at most 256 KiB.',
  },
  'site.version_mismatch': {
    status: 412,
    title: 'The settings were changed in the meantime',
    detail: 'If-Match does not name the settings as they are now. Read them again, and repeat the change.',
  },
  'user.last_administrator': {
    status: 409,
    title: 'This is the last administrator',
    detail: 'Somebody must be able to manage the blog. Make somebody else an administrator first.',
  },
  'user.not_found': {
    status: 404,
    title: 'There is no such user',
    detail: 'No account has this id or user name.',
  },
  'user.not_yours': {
    status: 403,
    title: 'This is not your account',
    detail: 'Only the user and admins may change an account.',
  },
  'user.reset_link_invalid': {
    status: 410,
    title: 'The link is not valid any more',
    detail: 'A link to set a password works once, within 24 hours. Ask an administrator for another one.',
  },
  'user.taken': {
    status: 409,
    title: 'The user name or e-mail address is taken',
    detail: 'Somebody has this user name or this e-mail address already.',
  },
  'user.wrong_password': {
    status: 403,
    title: 'The current password is wrong',
    detail: 'Send your present password as current_password.',
  },
  'webhook.delivery_not_found': {
    status: 404,
    title: 'There is no such delivery',
    detail: 'This webhook has no delivery with this id, or no longer has it.',
  },
  'webhook.delivery_pending': {
    status: 409,
    title: 'The delivery has not ended',
    detail: 'It is still being attempted. Only a delivery that succeeded or was given up can be sent again.',
  },
  'webhook.not_found': {
    status: 404,
    title: 'There is no such webhook',
    detail: 'No webhook has this id.',
  },
  'webhook.too_many': {
    status: 409,
    title: 'There are too many webhooks',
    detail: 'Delete one that you no longer need.',
  },
} as const satisfies Record<string, ProblemType>;

type ProblemTypes = typeof GENERAL_PROBLEM_TYPES & typeof FEATURE_PROBLEM_TYPES;

/** Every problem there is, by its code: part of the API, listed at `/problems` and in docs/problems.md. In the order of the codes. */
export const PROBLEM_TYPES = Object.fromEntries(
  Object.entries({ ...GENERAL_PROBLEM_TYPES, ...FEATURE_PROBLEM_TYPES }).sort(([one], [other]) =>
    one < other ? -1 : 1,
  ),
) as unknown as ProblemTypes;

export type ProblemCode = keyof typeof PROBLEM_TYPES;
