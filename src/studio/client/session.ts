import { type Action, type ActionOutcome, PostActions } from './actions.js';
import type { StudioApi, Versioned } from './api.js';
import type { Clock } from './clock.js';
import type { Conflict } from './conflict.js';
import {
  acknowledgedOf,
  type Entry,
  entryOf,
  isSaved,
  type Journal,
  type Place,
  withEarlier,
} from './journal.js';
import { Tabs } from './leader.js';
import { Saver, type SaverState } from './saver.js';
import { SharedText } from './shared-text.js';
import type { EditableText } from './text.js';

/** Messages between tabs that have the same post open. */
type Message =
  | { readonly kind: 'written' | 'hello' | 'hurry' | 'resume' }
  | { readonly kind: 'state'; readonly state: SaverState }
  | { readonly kind: 'document'; readonly document: Versioned };

/** The state that the editor shows. It may come from another tab. */
export type Status = SaverState | { readonly kind: 'not-kept' };

export interface SessionEvents {
  /** The text has changed other than by typing here. */
  readonly textChanged: (text: EditableText) => void;
  readonly status: (status: Status) => void;
  /** The server has acknowledged something. */
  readonly document: (document: Versioned) => void;
}

export interface Surroundings {
  readonly api: StudioApi;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly locks: Pick<LockManager, 'request' | 'query'>;
  readonly random: () => number;
  readonly newKey: () => string;
}

const RESTART_MS = 1_000;

/** One post in one tab: its text, its journal, and its saves if this tab leads. */
export class Session {
  private readonly ended = new AbortController();
  private readonly tabs: Tabs<Message>;
  private readonly text: SharedText;
  private readonly saver: Saver;
  private readonly actions: PostActions;
  private isLeading = false;
  private readonly waiting: (() => void)[] = [];
  private isFailing = false;
  private saverState: SaverState = { kind: 'kept' };
  private seenEdition: number;

  constructor(
    private readonly place: Place,
    entry: Entry,
    private readonly around: Surroundings,
    private readonly events: SessionEvents,
  ) {
    const { journal, clock, locks } = around;
    this.seenEdition = entry.edition;
    this.tabs = new Tabs(locks, place);
    this.text = new SharedText({ journal, place, clock }, entry, {
      changed: (text) => events.textChanged(text),
      written: (written) => this.onWritten(written),
      failed: (error) => this.onJournal(error),
    });
    const exclusively = this.tabs.exclusively.bind(this.tabs);
    this.saver = new Saver(place, {
      ...around,
      exclusively,
      show: (state) => this.onState(state),
      acknowledged: (document) => this.onDocument(document),
    });
    this.actions = new PostActions(place, { ...around, exclusively });
    this.tabs.listen((message) => this.hear(message));
    void this.lead();
    this.tabs.tell({ kind: 'hello' });
    this.showStatus();
    // Another tab may have written since the entry was read.
    void this.text.refresh();
  }

  get current(): EditableText {
    return this.text.current;
  }

  /** False while something exists only in the memory of this tab. */
  get isJournalled(): boolean {
    return this.text.isJournalled && !this.isFailing;
  }

  /** After each keystroke. */
  type(text: EditableText): void {
    this.text.type(text);
    this.showStatus();
  }

  /** Writes what is typed into the journal at once. */
  flush(): Promise<void> {
    return this.text.flush();
  }

  /** Saves to the server without waiting for a pause. */
  async saveNow(): Promise<void> {
    await this.flush();
    this.saver.hurry();
    this.tabs.tell({ kind: 'hurry' });
  }

  /** Signed in, or online, again. */
  resume(): void {
    this.saver.resume();
    this.tabs.tell({ kind: 'resume' });
  }

  /** Saves first, then acts. Resolves with what came of it, or with what hinders the save. */
  async act(action: Action): Promise<ActionOutcome | { readonly kind: 'not-saved' }> {
    const saved = action === 'trash' || action === 'discard' ? null : await this.saved();
    if (saved !== null && saved.kind !== 'saved') return { kind: 'not-saved' };
    await this.flush();
    const outcome = await this.actions.run(action);
    if (outcome.kind === 'done' && outcome.document !== null) {
      this.announce();
      this.onDocument(outcome.document);
    }
    if (outcome.kind === 'conflict') await this.meet(outcome.conflict);
    await this.text.refresh();
    return outcome;
  }

  /** Ends a conflict with the text that the person has chosen. Both versions are kept in the journal. */
  async resolve({ server, theirs, rebase }: Conflict, text: EditableText): Promise<void> {
    const now = this.around.clock.now();
    await this.change((entry) => ({
      ...withEarlier(entry, now, entry.text, theirs),
      text,
      edition: entry.edition + 1,
      typedAt: now,
      acknowledged: acknowledgedOf(server),
      inFlight: null,
      rebase,
    }));
    await this.saveNow();
  }

  /** Puts an earlier text back, and keeps the present one. */
  putBack(text: EditableText): Promise<void> {
    const now = this.around.clock.now();
    return this.change((entry) => ({
      ...withEarlier(entry, now, entry.text),
      text,
      edition: entry.edition + 1,
      typedAt: now,
    }));
  }

  /** Makes a new post of the text, when the server has none any more. The journal of the old one stays until then. */
  async copyAsNew(): Promise<Entry> {
    await this.flush();
    const place = { account: this.place.account, post: `new:${this.around.newKey()}` };
    const text = { ...this.text.current, slug: '' };
    const entry = { ...entryOf(place, text, null), edition: 1, typedAt: this.around.clock.now() };
    await this.around.journal.update(place, () => entry);
    await this.around.journal.erase(this.place);
    return entry;
  }

  /** Texts that a choice has replaced, newest first. */
  async earlier(): Promise<Entry['earlier']> {
    return (await this.around.journal.find(this.place))?.earlier ?? [];
  }

  /** Ends the session. Call `flush` first: text that is not in the journal yet is lost. */
  end(): void {
    this.ended.abort();
    this.text.stop();
    this.tabs.close();
  }

  private get status(): Status {
    const state = this.saverState;
    if (this.isFailing) return { kind: 'not-kept' };
    const isNewer = !this.text.isJournalled || (state.kind === 'saved' && state.edition < this.seenEdition);
    return state.kind === 'saved' && isNewer ? { kind: 'kept' } : state;
  }

  private showStatus(): void {
    this.events.status(this.status);
  }

  private async meet(conflict: Conflict): Promise<void> {
    const entry = await this.around.journal.find(this.place);
    if (entry !== undefined) this.saver.meet(entry, conflict);
    this.onState({ kind: 'conflict', conflict });
  }

  private async lead(): Promise<void> {
    const { signal } = this.ended;
    await this.tabs.lead(signal, async () => {
      this.isLeading = true;
      while (!signal.aborted) {
        try {
          await this.saver.run(signal);
        } catch (error) {
          this.onJournal(error);
          await this.around.clock.sleep(RESTART_MS, signal);
          // The status is that of the journal again.
          this.isFailing = false;
          await this.text.refresh();
        }
      }
      this.isLeading = false;
    });
  }

  /** Resolves once the server has everything, or with what hinders it. */
  private async saved(): Promise<SaverState> {
    for (;;) {
      await this.saveNow();
      const entry = await this.around.journal.find(this.place);
      if (entry !== undefined && isSaved(entry)) return { kind: 'saved', edition: entry.edition, at: null };
      const { kind } = this.saverState;
      if (kind !== 'saved' && kind !== 'kept' && kind !== 'saving') return this.saverState;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private onWritten({ edition }: Entry): void {
    this.seenEdition = edition;
    this.announce();
    this.showStatus();
  }

  /** Changes the text other than by typing. */
  private async change(change: (entry: Entry) => Entry): Promise<void> {
    await this.flush();
    await this.around.journal.update(this.place, (entry) => entry && change(entry));
    this.announce();
    await this.text.refresh();
  }

  /** The journal has changed. */
  private announce(): void {
    this.saver.poke();
    this.tabs.tell({ kind: 'written' });
  }

  private onJournal(error: unknown): void {
    this.isFailing = error !== null;
    this.showStatus();
  }

  private onState(state: SaverState): void {
    this.take(state);
    this.tabs.tell({ kind: 'state', state });
  }

  private take(state: SaverState): void {
    this.saverState = state;
    this.showStatus();
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private onDocument(document: Versioned): void {
    this.events.document(document);
    void this.text.refresh();
    this.tabs.tell({ kind: 'document', document });
  }

  private hear(message: Message): void {
    switch (message.kind) {
      case 'hello':
        if (this.isLeading) this.tabs.tell({ kind: 'state', state: this.saverState });
        break;
      case 'written':
        this.saver.poke();
        void this.text.refresh();
        break;
      case 'state':
        this.take(message.state);
        break;
      case 'document':
        this.events.document(message.document);
        void this.text.refresh();
        break;
      case 'hurry':
        this.saver.hurry();
        break;
      case 'resume':
        this.saver.resume();
    }
  }
}
