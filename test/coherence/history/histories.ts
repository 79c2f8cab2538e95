import type { Boundary, Register } from './register.js';
import type { Row } from './truth.js';

/** An acknowledged write that the database does not have. */
export interface LostWrite {
  readonly register: string;
  readonly acknowledged: number;
  readonly found: number;
  /** The fault that lost it. */
  readonly after: string;
}

/** Something that lasts, stored in a row of its own. */
interface Kept {
  readonly register: Register;
  readonly row: Row;
}

export type VersionOf = (row: Row) => number;

/**
 * The histories of the database, one after another: a standby was promoted, or a copy put back. Versions that the next
 * one lacks are lost. From the first write that it acknowledges, nobody may show them.
 */
export class Histories {
  private boundary: Boundary = { until: 0 };
  private isSettled = true;
  /** Acknowledged writes, lost by a fault that may lose them. */
  excusedLosses = 0;
  readonly losses: LostWrite[] = [];

  constructor(
    private readonly permanent: readonly Kept[],
    /** The state of temporary things is unknown. */
    private readonly abandonLives: () => void,
  ) {}

  /**
   * The database that is about to be used has these versions. Until it is settled, a write may be in either history.
   * @param mayLose acknowledged writes
   */
  replace(versionOf: VersionOf, after: string, mayLose: boolean): void {
    this.boundary = { until: Infinity };
    this.isSettled = false;
    this.abandonLives();
    for (const { register, row } of this.permanent) {
      const found = versionOf(row);
      const acknowledged = register.replaceHistory(found, this.boundary);
      if (acknowledged === undefined) continue;
      if (mayLose) this.excusedLosses += 1;
      else this.losses.push({ register: register.name, acknowledged, found, after });
    }
  }

  /** From now on, all writes go to the new history. */
  settle(): void {
    this.isSettled = true;
    for (const { register } of this.permanent) register.settleHistory();
  }

  /** A write sent since then has been acknowledged. */
  acknowledgedAt(moment: number): void {
    if (this.isSettled && this.boundary.until === Infinity) this.boundary.until = moment;
  }

  /** Does the database have everything acknowledged in its history so far? @param read its current versions */
  async confirm(read: () => Promise<VersionOf>, after: string): Promise<void> {
    const before = this.permanent.map(({ register }) => register.acknowledged);
    const versionOf = await read();
    this.permanent.forEach(({ register, row }, i) => {
      const [acknowledged, found] = [before[i]!, versionOf(row)];
      if (found < acknowledged) this.losses.push({ register: register.name, acknowledged, found, after });
    });
  }
}
