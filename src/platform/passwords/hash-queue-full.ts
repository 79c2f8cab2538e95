import { ServiceUnavailable } from '../errors/service-unavailable.js';

const RETRY_AFTER_SECONDS = 1;

/** 503: too many passwords are waiting to be hashed. */
export class HashQueueFull extends ServiceUnavailable {
  override readonly refusal = { message: 'Password hash queue is full' };

  constructor() {
    super('Too many passwords are being checked.', RETRY_AFTER_SECONDS);
  }
}
