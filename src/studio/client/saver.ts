import {
  type ApiAnswer,
  isUnknownOutcome,
  problemOf,
  type Problem,
  type StudioApi,
  type Versioned,
  versionedOf,
} from './api.js';
import type { Clock } from './clock.js';
import { type Conflict, conflictOf } from './conflict.js';
import { acknowledgedOf, type Entry, isSaved, type Journal, type Place, type Save } from './journal.js';
import { bodyOf } from './save-body.js';
import { isEmptyText, isKeptAs, isSameText } from './text.js';

/**
 * The states that the status bar shows. In each of them, the journal has the text.
 *
 *            typed          1 s of quiet        200, 201
 *     saved ───────▶ kept ──────────────▶ saving ───────▶ saved, or kept if more was typed meanwhile
 *                                           │
 *         no answer, 408, 429, 5xx ─────────┼─▶ offline     repeats the same request, later and later
 *         401 ──────────────────────────────┼─▶ signed-out  repeats it after `resume`
 *         409 idempotency.in_flight ────────┼─▶ saving      repeats it
 *         412 ──────────────────────────────┼─▶ conflict    goes on when the journal's base is another
 *         404, 410 ─────────────────────────┼─▶ gone        until a copy is made
 *         other 4xx ────────────────────────┘─▶ refused     goes on when the text is another
 */
export type SaverState =
  | { readonly kind: 'saved'; readonly edition: number; readonly at: number | null }
  | { readonly kind: 'kept' | 'saving' | 'signed-out' | 'gone' }
  /** `isBusy`: the server answered that it cannot now. */
  | { readonly kind: 'offline'; readonly isBusy: boolean }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: Problem };

/** A draft is saved when this long nothing was typed, in ms. */
const QUIET_MS = 1_000;
/** Also while somebody types without a pause, in ms. */
const LONGEST_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const IN_FLIGHT_RETRY_MS = 500;

export interface SaverParts {
  readonly api: StudioApi;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Runs one write to the server at a time over all tabs. */
  readonly exclusively: <T>(write: () => Promise<T>) => Promise<T>;
  readonly show: (state: SaverState) => void;
  /** The server has acknowledged a text. */
  readonly acknowledged: (document: Versioned) => void;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  readonly newKey: () => string;
}

interface Block {
  readonly state: SaverState;
  /** True when trying again makes sense. */
  readonly isOver: (entry: Entry) => boolean;
}

/** Brings the journal of a post to the server. One runs per post, in the tab that leads. */
export class Saver {
  private block: Block | null = null;
  private retries = 0;
  private retryAt = 0;
  private isHurried = false;
  private firstUnsavedAt: number | null = null;
  private savedAt: number | null = null;
  private wake = new AbortController();

  constructor(
    private readonly place: Place,
    private readonly parts: SaverParts,
  ) {}

  /** The journal has changed. */
  poke(): void {
    const { wake } = this;
    this.wake = new AbortController();
    wake.abort();
  }

  /** Saves without waiting for a pause. */
  hurry(): void {
    this.isHurried = true;
    this.retryAt = 0;
    // The server may accept now what it refused before.
    if (this.block?.state.kind === 'refused') this.block = null;
    this.poke();
  }

  /** Signed in, or online, again. */
  resume(): void {
    if (this.block?.state.kind === 'signed-out') this.block = null;
    this.retryAt = 0;
    this.poke();
  }

  /** The server has another version than the entry is based on. */
  meet(entry: Entry, conflict: Conflict): void {
    const etag = entry.acknowledged?.etag;
    this.stopFor(
      { kind: 'conflict', conflict },
      (now) => now.acknowledged?.etag !== etag || now.rebase !== entry.rebase,
    );
    this.poke();
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.poke(), { once: true });
    while (!signal.aborted) {
      const { wake } = this;
      const entry = await this.parts.journal.find(this.place);
      const waitMs = entry === undefined ? Infinity : this.waitMs(entry);
      if (waitMs > 0) await this.rest(waitMs, wake.signal);
      else await this.parts.exclusively(() => (signal.aborted ? Promise.resolve() : this.attempt()));
    }
  }

  private async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (ms !== Infinity) return this.parts.clock.sleep(ms, signal);
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  /** How long to wait before the next request, in ms. 0: send it now. Infinity: until something happens. */
  private waitMs(entry: Entry): number {
    if (isSaved(entry)) {
      // A conflict may be about what readers see while the text itself is saved.
      const isOpen = this.block?.state.kind === 'conflict' && !this.block.isOver(entry);
      if (!isOpen) this.settled(entry);
      return Infinity;
    }
    if (this.block !== null) {
      if (!this.block.isOver(entry)) return Infinity;
      this.block = null;
    }
    const now = this.parts.clock.now();
    const untilRetry = Math.max(0, this.retryAt - now);
    if (entry.inFlight !== null || this.isHurried) return untilRetry;
    this.firstUnsavedAt ??= now;
    if (untilRetry === 0) this.parts.show({ kind: 'kept' });
    const quietAt = Math.min(entry.typedAt + QUIET_MS, this.firstUnsavedAt + LONGEST_MS);
    return Math.max(untilRetry, quietAt - now);
  }

  private settled({ edition }: Entry): void {
    if (this.block?.state.kind !== 'signed-out') this.block = null;
    this.isHurried = false;
    this.firstUnsavedAt = null;
    this.parts.show(this.block?.state ?? { kind: 'saved', edition, at: this.savedAt });
  }

  private async attempt(): Promise<void> {
    const entry = await this.begin();
    const save = entry?.inFlight;
    if (entry === undefined || save === null || save === undefined) return;
    // A repetition is no news.
    if (this.retries === 0) this.parts.show({ kind: 'saving' });
    let answer: ApiAnswer;
    try {
      answer = await this.parts.api.send({ ...save, idempotencyKey: save.key });
    } catch {
      return this.later(false, null);
    }
    await this.handle(entry, save, answer);
  }

  /** Writes down what is about to be sent before it is sent, so that it can be repeated whatever happens. */
  private begin(): Promise<Entry | undefined> {
    return this.parts.journal.update(this.place, (entry) => {
      if (entry === undefined || entry.inFlight !== null || isSaved(entry)) return undefined;
      const { acknowledged, postId, text, rebase } = entry;
      if (acknowledged === null && isEmptyText(text)) return undefined;
      const isNew = acknowledged === null || postId === null;
      const inFlight: Save = {
        key: this.parts.newKey(),
        ...(isNew
          ? { method: 'POST', path: '/posts' }
          : { method: 'PUT', path: `/posts/${postId}/text`, ifMatch: acknowledged.etag }),
        body: bodyOf(text, rebase),
        text,
      };
      return { ...entry, inFlight };
    });
  }

  private async handle(entry: Entry, save: Save, answer: ApiAnswer): Promise<void> {
    const { status } = answer;
    const saved = versionedOf(answer);
    if (saved !== null) return this.settle(save, saved);
    if (status === 401) return this.stopFor({ kind: 'signed-out' }, () => false);
    const problem = problemOf(answer);
    if (status === 409 && problem.code === 'idempotency.in_flight')
      return this.again(answer.retryAfterMs ?? IN_FLIGHT_RETRY_MS);
    if (status === 412) return this.compare(entry, save);
    // Also a success without a document, as captive portals give it, and a redirect to a page.
    if (isUnknownOutcome(status) || status < 400) return this.later(status > 0, answer.retryAfterMs);
    await this.forget(save);
    if (status === 404 || status === 410)
      return this.stopFor({ kind: 'gone' }, (now) => now.postId !== entry.postId);
    this.stopFor({ kind: 'refused', status, problem }, ({ text }) => !isSameText(text, save.text));
  }

  private async settle(save: Save, saved: Versioned): Promise<void> {
    this.retries = 0;
    this.retryAt = 0;
    this.firstUnsavedAt = null;
    this.savedAt = this.parts.clock.now();
    await this.parts.journal.update(this.place, (entry) =>
      entry?.inFlight?.key === save.key
        ? {
            ...entry,
            postId: saved.document.id,
            acknowledged: acknowledgedOf(saved, save.text),
            inFlight: null,
            rebase: null,
          }
        : undefined,
    );
    this.parts.acknowledged(saved);
  }

  /** The server has another version. That is a conflict only if its text is neither this one nor the one it was based on. */
  private async compare(entry: Entry, save: Save): Promise<void> {
    let read: Versioned | ApiAnswer;
    try {
      read = await this.parts.api.read(entry.postId!);
    } catch {
      return this.later(false, null);
    }
    if (!('document' in read)) {
      // Nobody knows more than before, so the same save is repeated.
      if (read.status !== 401 && read.status !== 404) return this.later(true, read.retryAfterMs);
      return this.handle(entry, save, read);
    }
    const { text } = read.document;
    if (isKeptAs(save.text, text)) return this.settle(save, read);
    await this.forget(save);
    const { acknowledged } = entry;
    const conflict = conflictOf(acknowledged, read);
    if (conflict !== null) return this.meet(entry, conflict);
    // Published or renamed elsewhere, with the same text: what is typed here follows on it.
    await this.parts.journal.update(
      this.place,
      (now) => now && { ...now, acknowledged: acknowledgedOf(read, acknowledged?.text) },
    );
  }

  private async forget({ key }: Save): Promise<void> {
    await this.parts.journal.update(this.place, (now) =>
      now?.inFlight?.key === key ? { ...now, inFlight: null } : undefined,
    );
  }

  private stopFor(state: SaverState, isOver: Block['isOver']): void {
    this.block = { state, isOver };
    this.isHurried = false;
    this.parts.show(state);
  }

  /** Backs off with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
  private later(isBusy: boolean, retryAfterMs: number | null): void {
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.retries);
    this.retries = Math.min(this.retries + 1, 10);
    this.parts.show({ kind: 'offline', isBusy });
    this.again(Math.max(retryAfterMs ?? 0, longest * (0.5 + this.parts.random() / 2)));
  }

  private again(ms: number): void {
    this.retryAt = this.parts.clock.now() + ms;
  }
}
