import type {
  PostPublished,
  PostRevised,
  PostsImported,
  PostState,
  PostUnpublished,
} from '../blog/posts.events.js';
import type { OutboxEvent } from '../platform/work/work-listener.js';
import type { UserRegistered, UserState } from '../users/users.events.js';

/** What a webhook can be told of. */
export const WEBHOOK_EVENTS = [
  'post.published',
  'post.revised',
  'post.removed',
  'user.registered',
  'user.removed',
] as const;
type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface Message {
  readonly type: WebhookEvent;
  /** `post:7`: what is told of one subject is told in order. */
  readonly subject: string;
  /** Nothing here may be a secret of anybody: no draft, no e-mail address. */
  readonly data: object;
}

type PayloadOf<Declared extends (payload: never) => unknown> = Parameters<Declared>[0];

const post = ({ id, slug, title, author, category, tags, version }: PostState): object => ({
  ...{ id, slug, title, author, category, tags, version },
});

const aboutPost = (type: WebhookEvent, state: PostState, more: object = {}): Message => ({
  type,
  subject: `post:${state.id}`,
  data: { post: post(state), ...more },
});

const aboutUser = (type: WebhookEvent, { id, username }: UserState): Message => ({
  type,
  subject: `user:${id}`,
  data: { user: { id, username } },
});

/** By the event as the outbox names it. To those outside, a post that became a draft is gone. */
const MESSAGES: Readonly<Record<string, (payload: never) => readonly Message[]>> = {
  'post.published': ({ post: state }: PayloadOf<typeof PostPublished>) => [
    aboutPost('post.published', state),
  ],
  'post.revised': ({ before, after }: PayloadOf<typeof PostRevised>) => [
    aboutPost('post.revised', after, { previous: post(before) }),
  ],
  'post.unpublished': ({ post: state }: PayloadOf<typeof PostUnpublished>) => [
    aboutPost('post.removed', state),
  ],
  'post.removed': ({ post: state }: PayloadOf<typeof PostUnpublished>) => [aboutPost('post.removed', state)],
  'posts.imported': ({ posts, quiet }: PayloadOf<typeof PostsImported>) =>
    quiet === true ? [] : posts.map((state) => aboutPost('post.published', { ...state, version: 1 })),
  'user.registered': ({ quiet, ...user }: PayloadOf<typeof UserRegistered>) =>
    quiet === true ? [] : [aboutUser('user.registered', user)],
  'user.removed': (user: UserState) => [aboutUser('user.removed', user)],
};

/** The events of the outbox that somebody may be told of. */
export const TOLD_EVENTS = Object.keys(MESSAGES);

/** @returns what webhooks are told of a change: nothing, one thing, or of an import many */
export const messagesOf = ({ event, payload }: Pick<OutboxEvent, 'event' | 'payload'>): readonly Message[] =>
  // The outbox keeps what `defineEvent` of that name declares.
  MESSAGES[event]?.(payload as never) ?? [];
