/** What happened, in the past tense, and the cache tags of every answer that it changes. */
export interface DomainEvent<Payload extends object = object> {
  /** `post.published`: stable, stored in the outbox and sent to webhooks. */
  readonly type: string;
  readonly payload: Payload;
  readonly tags: readonly string[];
}

/**
 * Declares an event beside the pure function that maps it to tags, so that replicas of different builds evict alike.
 * `const PostRemoved = defineEvent('post.removed', (post: PostState) => [`post:${post.id}`])`
 */
export function defineEvent<Payload extends object>(
  type: string,
  tagsOf: (payload: Payload) => readonly string[],
): (payload: Payload) => DomainEvent<Payload> {
  return (payload) => ({ type, payload, tags: [...new Set(tagsOf(payload))] });
}
