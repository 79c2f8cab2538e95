/** An event, named in the past tense, with the cache tags of every answer that it changes. */
export interface DomainEvent<Payload extends object = object> {
  /** Such as `post.published`. Stable: it is stored in the outbox and sent to webhooks. */
  readonly type: string;
  readonly payload: Payload;
  readonly tags: readonly string[];
}

/**
 * Declares an event next to the pure function that maps it to tags, so that replicas of different builds evict alike.
 * `const PostRemoved = defineEvent('post.removed', (post: PostState) => [`post:${post.id}`])`
 */
export function defineEvent<Payload extends object>(
  type: string,
  tagsOf: (payload: Payload) => readonly string[],
): (payload: Payload) => DomainEvent<Payload> {
  return (payload) => ({ type, payload, tags: [...new Set(tagsOf(payload))] });
}

/**
 * Recorded when a request finds everything as it asks for. The request that made it so may still be waiting for other
 * processes, and this answer must wait for them too. So the same tags are announced again.
 */
export const changeRepeated = (tags: readonly string[]): DomainEvent => ({
  type: 'change.repeated',
  payload: {},
  tags,
});
