import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Versioned } from './api.js';
import { type EditableText, isEmptyText, isSameText, mergeTexts } from './text.js';

/** A text that the server has acknowledged. */
export interface Acknowledged {
  /** ETag of the text. */
  readonly etag: string;
  /** ETag of the post that the text is based on. */
  readonly base: string;
  /** As this browser sent or loaded it. */
  readonly text: EditableText;
  /** As the server keeps it, which may be tidied: a derived slug, trimmed spaces. */
  readonly kept: EditableText;
}

/** A save whose outcome is not known yet. It is repeated, the same byte for byte, until it is. */
export interface Save {
  /** Idempotency-Key. */
  readonly key: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly ifMatch?: string | undefined;
  readonly body: string;
  readonly text: EditableText;
}

/** The journal of one post and one account in this browser. */
export interface Entry {
  readonly account: string;
  /** The post's id, or `new:<uuid>` for one that began in this browser, also after it got its id. */
  readonly post: string;
  /** null until the server has made the post. */
  readonly postId: number | null;
  /** Counts the changes from all tabs. */
  readonly edition: number;
  readonly text: EditableText;
  /** ms since 1970 */
  readonly typedAt: number;
  readonly acknowledged: Acknowledged | null;
  readonly inFlight: Save | null;
  /** Send this as `base` once, because the text has been merged with that version of the post. */
  readonly rebase: string | null;
  /** Texts that a choice has replaced, newest first. */
  readonly earlier: readonly Earlier[];
}

export interface Earlier {
  readonly text: EditableText;
  /** ms since 1970 */
  readonly at: number;
}

/** Where an entry is kept. */
export interface Place {
  readonly account: string;
  readonly post: string;
}

interface Schema extends DBSchema {
  entries: { key: [string, string]; value: Entry };
}

const NAME = 'inkwell-studio';
const MAX_EARLIER = 20;

/** True if the server has everything. */
export function isSaved({ acknowledged, inFlight, rebase, text }: Entry): boolean {
  if (inFlight !== null || rebase !== null) return false;
  return acknowledged === null ? isEmptyText(text) : isSameText(text, acknowledged.text);
}

export const acknowledgedOf = ({ document, etag }: Versioned, sent = document.text): Acknowledged => ({
  etag,
  base: document.base,
  text: sent,
  kept: document.text,
});

/** An entry as it is before anything is typed. */
export const entryOf = (place: Place, text: EditableText, from: Versioned | null): Entry => ({
  ...place,
  postId: from?.document.id ?? null,
  edition: 0,
  text,
  typedAt: 0,
  acknowledged: from === null ? null : acknowledgedOf(from),
  inFlight: null,
  rebase: null,
  earlier: [],
});

/** Keeps what is replaced, so that there is a way back. */
export const withEarlier = (entry: Entry, at: number, ...texts: readonly EditableText[]): Entry => ({
  ...entry,
  earlier: [...texts.map((text) => ({ text, at })), ...entry.earlier].slice(0, MAX_EARLIER),
});

/**
 * Keeps everything typed in IndexedDB, so that it outlives the tab, the browser and the server. Each change is one transaction,
 * and IndexedDB runs those of all tabs one after the other, which is what puts the changes of two tabs in an order.
 */
export class Journal {
  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  /** @throws DOMException where the browser keeps nothing, for example in some private windows. */
  static async open(): Promise<Journal> {
    const database = await openDB<Schema>(NAME, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('entries', { keyPath: ['account', 'post'] }),
      // An open tab must not hinder a newer version of this script in another one.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new Journal(database);
  }

  find({ account, post }: Place): Promise<Entry | undefined> {
    return this.database.get('entries', [account, post]);
  }

  /** The entry of a post that the server knows, under whatever name it began. */
  async findById(account: string, postId: number): Promise<Entry | undefined> {
    const entries = (await this.listOf(account)).filter((entry) => entry.postId === postId);
    return entries.find((entry) => !isSaved(entry)) ?? entries[0];
  }

  /** Entries of an account, the last typed first. */
  async listOf(account: string): Promise<Entry[]> {
    const all = await this.database.getAll('entries', IDBKeyRange.bound([account], [account, []]));
    return all.sort((a, b) => b.typedAt - a.typedAt);
  }

  /**
   * Changes an entry in one transaction that no other tab interrupts, and resolves once it is durable.
   * @param change undefined leaves everything as it is
   * @throws DOMException, for example QuotaExceededError
   */
  async update(
    { account, post }: Place,
    change: (entry: Entry | undefined) => Entry | undefined,
  ): Promise<Entry | undefined> {
    // On disk, not only with the operating system: what the status says is kept outlives a power cut.
    const transaction = this.database.transaction('entries', 'readwrite', { durability: 'strict' });
    // Handled here too, because it also rejects when the await below throws first.
    transaction.done.catch(() => undefined);
    const before = await transaction.store.get([account, post]);
    const after = change(before);
    if (after !== undefined && after !== before) await transaction.store.put(after);
    await transaction.done;
    return after ?? before;
  }

  /**
   * Writes what a tab has typed. If another tab has written since, both changes are kept.
   * @param seen what the tab had read before it typed. If the entry has been erased since, which happens only to one
   *   that was saved, what the server acknowledged is taken from it: otherwise a second post would be made.
   */
  async type(place: Place, seen: Entry, mine: EditableText, at: number): Promise<Entry> {
    const entry = await this.update(place, (current) => {
      if (current === undefined)
        return { ...seen, text: mine, edition: seen.edition + 1, typedAt: at, inFlight: null, rebase: null };
      const text = current.edition === seen.edition ? mine : mergeTexts(seen.text, mine, current.text);
      if (isSameText(text, current.text)) return undefined;
      return { ...current, text, edition: current.edition + 1, typedAt: at };
    });
    return entry!;
  }

  async erase({ account, post }: Place): Promise<void> {
    await this.database.delete('entries', [account, post]);
  }

  /** Erases what the server has too. @returns the rest */
  async eraseSaved(account: string): Promise<Entry[]> {
    const entries = await this.listOf(account);
    // Only if it is still saved: another tab may be typing.
    const transaction = this.database.transaction('entries', 'readwrite');
    const left: Entry[] = [];
    for (const { post } of entries) {
      const entry = await transaction.store.get([account, post]);
      if (entry === undefined) continue;
      if (isSaved(entry)) await transaction.store.delete([account, post]);
      else left.push(entry);
    }
    await transaction.done;
    return left;
  }

  close(): void {
    this.database.close();
  }
}
