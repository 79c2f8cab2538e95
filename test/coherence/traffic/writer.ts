import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from './changes.js';
import { loginOf, tokenOf } from './accounts.js';
import { Register } from '../history/register.js';
import type { Stage } from './stage.js';
import type { World } from './world.js';

/** Access tokens are good for ten minutes. */
const RENEW_MS = 240_000;

/** Writes next versions of what lasts. */
export class Writer {
  constructor(
    private readonly stage: Stage,
    private readonly world: World,
    private readonly changes: Changes,
  ) {}

  arrive(): void {
    const free = this.world.targets.filter(({ register }) => !register.isBusy);
    if (free.length === 0) return;
    const { register, change } = this.stage.random.pick(free);
    void this.changes.write(register, change);
  }

  /** Keeps every account logged in. */
  async keepTokens(isOver: () => boolean): Promise<void> {
    let renewedMs = performance.now();
    for (; !isOver(); await sleep(500)) {
      if (performance.now() - renewedMs < RENEW_MS) continue;
      renewedMs = performance.now();
      for (const account of this.world.accounts) {
        const login = new Register(-1, 'login');
        const { outcome, answer } = await this.changes.send(
          login,
          login.begin(''),
          loginOf(account.username),
        );
        if (outcome === 'acknowledged') account.token = tokenOf(answer!);
      }
    }
  }
}
