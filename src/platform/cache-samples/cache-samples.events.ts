import { defineEvent } from '../outbox/define-event.js';

/**
 * Asks every process for its samples. It changes nothing, but the outbox already reaches every process, also one that
 * missed the notification. It has no tags, so nobody waits for acknowledgements.
 */
export const CacheSamplesAsked = defineEvent('cache.samples_asked', () => []);
