import type { Clock } from './clock.js';
import type { Entry, Journal, Place } from './journal.js';
import { type EditableText, isSameText, mergeTexts } from './text.js';

/** How long changes are gathered before they go into the journal, in ms. With the write itself it stays below 250. */
const GATHER_MS = 50;

export interface SharedTextEvents {
  /** Another tab, or a choice of the person, has changed the text. */
  readonly changed: (text: EditableText) => void;
  /** The journal has a new edition of this tab's. */
  readonly written: (entry: Entry) => void;
  /** The journal does not take the text. null: it does again. */
  readonly failed: (error: unknown) => void;
}

/**
 * The text of one tab, and its way into the journal. What was typed here since the tab last saw the journal is merged
 * with what other tabs wrote meanwhile, so no tab overwrites another.
 */
export class SharedText {
  private text: EditableText;
  private seen: Pick<Entry, 'edition' | 'text'>;
  private isFailing = false;
  /** Runs one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private gathering: AbortController | null = null;

  private readonly journal: Journal;
  private readonly place: Place;
  private readonly clock: Clock;

  constructor(
    { journal, place, clock }: { readonly journal: Journal; readonly place: Place; readonly clock: Clock },
    entry: Entry,
    private readonly events: SharedTextEvents,
  ) {
    this.journal = journal;
    this.place = place;
    this.clock = clock;
    this.text = entry.text;
    this.seen = entry;
  }

  get current(): EditableText {
    return this.text;
  }

  /** True if the journal has all of it. */
  get isJournalled(): boolean {
    return isSameText(this.text, this.seen.text);
  }

  /** After each keystroke. */
  type(text: EditableText): void {
    this.text = text;
    if (this.gathering !== null) return;
    const gathering = new AbortController();
    this.gathering = gathering;
    void this.clock.sleep(GATHER_MS, gathering.signal).then(() => {
      if (this.gathering === gathering) void this.flush();
    });
  }

  /** Writes what is typed at once. Never rejects: `failed` tells. */
  flush(): Promise<void> {
    this.gathering?.abort();
    this.gathering = null;
    return this.enqueue(() => this.write());
  }

  /** Looks at what others have written. */
  refresh(): Promise<void> {
    return this.enqueue(async () => {
      const entry = await this.journal.find(this.place);
      if (entry !== undefined && entry.edition !== this.seen.edition)
        this.take(this.text, this.seen.text, entry);
      await this.write();
    });
  }

  /** Stops without writing. */
  stop(): void {
    this.gathering?.abort();
    this.gathering = null;
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(task).then(
      () => this.report(null),
      (error: unknown) => this.report(error),
    );
    return this.queue;
  }

  private report(error: unknown): void {
    if (error === null && !this.isFailing) return;
    this.isFailing = error !== null;
    this.events.failed(error);
  }

  private async write(): Promise<void> {
    while (!this.isJournalled) {
      const mine = this.text;
      const entry = await this.journal.type(this.place, this.seen, mine, this.clock.now());
      this.take(this.text, mine, entry);
      this.events.written(entry);
    }
  }

  /**
   * Joins what the journal has with what is typed in this tab.
   * @param base what the journal's text already contains of this tab's
   */
  private take(typed: EditableText, base: EditableText, entry: Entry): void {
    this.seen = entry;
    const text = mergeTexts(base, typed, entry.text);
    if (isSameText(text, this.text)) return;
    this.text = text;
    this.events.changed(text);
  }
}
