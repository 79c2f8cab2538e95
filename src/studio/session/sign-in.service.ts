import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuthService } from '../../auth/auth.service.js';
import { LoginMetrics } from '../../auth/login-metrics.service.js';
import type { Client } from '../../platform/access/client.js';
import { BrowserSessions } from '../../sessions/browser-sessions.service.js';
import { KnownDevices, type Origin } from '../../users/known-devices.service.js';

export const signInSchema = z.object({
  username: z.string().trim().toLowerCase().min(1).max(100),
  password: z.string().min(1).max(1_000),
});

interface From {
  readonly client: Client;
  readonly origin: Origin;
  readonly userAgent: string;
}

/** Signs browsers in. */
@Injectable()
export class SignIn {
  constructor(
    private readonly auth: AuthService,
    private readonly metrics: LoginMetrics,
    private readonly devices: KnownDevices,
    private readonly browsers: BrowserSessions,
  ) {}

  originOf(username: string, client: Client): Promise<Origin> {
    return this.devices.originOf(username, client);
  }

  /** @returns values of `Set-Cookie`: the session, and the mark of a known device @throws what AuthService.opened throws */
  async cookies(
    login: z.output<typeof signInSchema>,
    { client, origin, userAgent }: From,
  ): Promise<string[]> {
    const { userId, secret } = await this.metrics.count(
      this.auth.opened(login, origin, async (user) => {
        const opened = await this.browsers.open(user, userAgent);
        return opened === null ? null : { userId: user.id, secret: opened };
      }),
    );
    const device = await this.devices.remember(userId, client, '/studio');
    return [this.browsers.cookieOf(secret, client), device];
  }
}
