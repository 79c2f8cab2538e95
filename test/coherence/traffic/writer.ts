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

  /** Keeps every account logged in: what is refused is tried again, for the token runs out. */
  async keepTokens(isOver: () => boolean): Promise<void> {
    const renewedMs = new Map(this.world.accounts.map((account) => [account, performance.now()]));
    for (; !isOver(); await sleep(500)) {
      for (const [account, atMs] of renewedMs) {
        if (performance.now() - atMs < RENEW_MS) continue;
        const token = await this.logIn(account.username);
        if (token === undefined) continue;
        account.token = token;
        renewedMs.set(account, performance.now());
      }
    }
  }

  private async logIn(username: string): Promise<string | undefined> {
    const login = new Register(-1, 'login');
    const { outcome, answer } = await this.changes.send(login, login.begin(''), loginOf(username));
    return outcome === 'acknowledged' ? tokenOf(answer!) : undefined;
  }
}
