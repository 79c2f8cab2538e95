import { Injectable } from '@nestjs/common';
import { Counter, InjectMetric, makeCounterProvider } from '../platform/metrics/instruments.js';
import { RateLimited } from '../platform/rate-limits/rate-limited.js';
import { InvalidCredentials } from './auth.problems.js';

const LOGINS = 'auth_login_total';

export const loginCounter = makeCounterProvider({
  name: LOGINS,
  help: 'Logins by result: success, failure (wrong name or password), limited (too many failures), error.',
  labelNames: ['result'],
});

function resultOf(error: unknown): string {
  if (error instanceof InvalidCredentials) return 'failure';
  return error instanceof RateLimited ? 'limited' : 'error';
}

/** Counts logins by their result. */
@Injectable()
export class LoginMetrics {
  constructor(@InjectMetric(LOGINS) private readonly logins: Counter) {}

  async count<T>(login: Promise<T>): Promise<T> {
    try {
      const tokens = await login;
      this.logins.inc({ result: 'success' });
      return tokens;
    } catch (error) {
      this.logins.inc({ result: resultOf(error) });
      throw error;
    }
  }
}
