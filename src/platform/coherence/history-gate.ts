import { Injectable } from '@nestjs/common';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { Coherence } from './coherence.js';

/** The history of a database, as a connection to it reports it. */
export interface DatabaseHistory {
  /** Names the history. No other history of any database has the same name. */
  readonly epoch: string;
  /** PostgreSQL's system identifier. Standbys and copies share it. */
  readonly system: string;
  /** Increases with each promotion. */
  readonly timeline: number;
  /** Bytes of WAL ever written. This never decreases within a history. */
  readonly walBytes: number;
}

/** The database behind a connection may be older than data already served, so nothing may be read from it. */
export class HistoryRefused extends ServiceUnavailable {
  constructor(reason: string, cause?: unknown) {
    super(`The database cannot be used: ${reason}.`, 1, cause);
  }
}

/**
 * Decides which history of the database this process reads. Every connection proves its history. The first that proves
 * a new one moves the whole process there; everything that remembers ids, transactions or tags of the old history
 * forgets them.
 */
@Injectable()
export class HistoryGate {
  private readonly left = new Set<string>();
  /** The highest timeline seen, by system identifier. */
  private readonly timelines = new Map<string, number>();
  private readonly reactions: ((epoch: string) => void)[] = [];

  constructor(readonly coherence: Coherence) {}

  /** Empty until a connection has proved a history. */
  get epoch(): string {
    return this.coherence.epoch;
  }

  /**
   * @param reaction called when a history begins, before anything in it is read; called at once if one has begun
   * already
   */
  onBegin(reaction: (epoch: string) => void): void {
    this.reactions.push(reaction);
    if (this.epoch !== '') reaction(this.epoch);
  }

  /** @throws HistoryRefused for a history that this process has left or that a promotion has ended */
  enter({ epoch, system, timeline }: DatabaseHistory): void {
    if (epoch === this.epoch) return;
    if (this.left.has(epoch))
      throw new HistoryRefused('it is a former primary, which this process has left for a newer one');
    const newest = this.timelines.get(system) ?? 0;
    if (timeline < newest)
      throw new HistoryRefused(
        `it is on timeline ${timeline}, and this process has seen timeline ${newest} of the same server; ` +
          'if an old copy was put back on purpose, restart the process',
      );
    this.timelines.set(system, timeline);
    if (this.epoch !== '') this.left.add(this.epoch);
    this.begin(epoch);
  }

  /** Forgets everything and stays in the same history. */
  beginAgain(): void {
    this.begin(this.epoch);
  }

  private begin(epoch: string): void {
    this.coherence.begin(epoch);
    for (const reaction of this.reactions) reaction(epoch);
  }
}
