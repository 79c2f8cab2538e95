import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from './changes.js';
import { loginOf, tokenOf } from './accounts.js';
import { Register } from '../history/register.js';
import type { Stage } from './stage.js';
import type { World } from './world.js';

/** Access tokens are valid for ten minutes. */
const RENEW_MS = 240_000;

/** Writes the next versions of lasting things. */
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

  /** Keeps every account logged in, and retries refused logins before the token expires. */
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
