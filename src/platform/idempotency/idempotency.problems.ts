import { Problem } from '../errors/problem.js';

export class InvalidIdempotencyKey extends Problem {
  constructor() {
    super({
      status: 400,
      code: 'idempotency.invalid_key',
      title: 'The Idempotency-Key is not valid',
      detail: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
    });
  }
}

export class IdempotencyKeyReused extends Problem {
  constructor() {
    super({
      status: 422,
      code: 'idempotency.key_reused',
      title: 'The Idempotency-Key was used for another request',
      detail: 'The same key came with another body within 24 hours. Nothing was changed.',
    });
  }
}

export class IdempotentRequestInFlight extends Problem {
  constructor() {
    super({
      status: 409,
      code: 'idempotency.in_flight',
      title: 'A request with this Idempotency-Key is being worked on',
      detail: 'Repeat the request to get its answer.',
      headers: { 'retry-after': '1' },
    });
  }
}
