import { existsSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** The wall clock of a PostgreSQL that is started with this environment. Its monotonic clock is unaffected. */
export class DatabaseClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'inkwell-clock-'));
  private aheadMs = 0;

  constructor() {
    if (!existsSync(LIBRARY))
      throw new Error(`A clock to step is needed: install the package "libfaketime" (${LIBRARY})`);
    chmodSync(this.folder, 0o755);
    this.step(0);
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      // The file is read each time, so a step takes effect at once.
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Sets the clock, as an operator or a time server would. */
  step(ms: number): void {
    this.aheadMs += ms;
    const text = `${this.aheadMs < 0 ? '-' : '+'}${Math.abs(this.aheadMs) / 1000}`;
    writeFileSync(this.file, text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, 'offset');
  }
}
