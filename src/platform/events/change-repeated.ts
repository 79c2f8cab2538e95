import type { DomainEvent } from './define-event.js';

/**
 * A request found that all it asks for is so already. Whoever made it so may still be waiting for the other processes to
 * know: this request's answer must wait for them as well, so what it touches is told again.
 */
export const changeRepeated = (tags: readonly string[]): DomainEvent => ({
  type: 'change.repeated',
  payload: {},
  tags,
});
