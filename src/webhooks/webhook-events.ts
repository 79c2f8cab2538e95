import type {
  PostPublished,
  PostRevised,
  PostsImported,
  PostState,
  PostUnpublished,
} from '../blog/posts.events.js';
import type { OutboxEvent } from '../platform/outbox/work-listener.js';
import type { UserRegistered, UserState } from '../users/users.events.js';

/** The events that webhooks can receive. */
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
  /** `post:7`. Events about the same subject are sent in order. */
  readonly subject: string;
  /** Must contain nothing private, such as drafts or e-mail addresses. */
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

/** Messages by the name of the event in the outbox. For receivers, a post that became a draft is removed. */
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

/** The outbox events that webhooks may receive. */
export const SENT_EVENTS = Object.keys(MESSAGES);

/** @returns the messages of a change: none, one, or many for an import */
export const messagesOf = ({ event, payload }: Pick<OutboxEvent, 'event' | 'payload'>): readonly Message[] =>
  // The outbox stores the payload that `defineEvent` declares under that name.
  MESSAGES[event]?.(payload as never) ?? [];
