import type { Versioned } from './api.js';
import { type Entry, entryOf, isSaved, type Journal, withEarlier } from './journal.js';
import { isOpenElsewhere } from './leader.js';
import { EMPTY_TEXT, isSameText } from './text.js';

interface Opening {
  readonly journal: Journal;
  readonly locks: Pick<LockManager, 'query'>;
  readonly account: string;
  /** null: a new post. */
  readonly server: Versioned | null;
  /** Asks whether to go on with what the server does not have. */
  readonly offer: (entry: Entry) => Promise<boolean>;
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * The entry that a page goes on with: that of another open tab, or what the server has, or, if the person wants it, what
 * an earlier visit left unsaved.
 */
export async function openEntry(opening: Opening): Promise<Entry> {
  return opening.server === null ? openNew(opening) : openPost(opening, opening.server);
}

async function openPost(opening: Opening, server: Versioned): Promise<Entry> {
  const { journal, account, locks, offer, now } = opening;
  const { id, text } = server.document;
  const left = await journal.findById(account, id);
  const fresh = entryOf(left ?? { account, post: String(id) }, text, server);
  if (left === undefined) return (await journal.update(fresh, (entry) => entry ?? fresh))!;
  if (await isOpenElsewhere(locks, left)) return left;
  const hasMore = !isSaved(left) && !isSameText(left.text, text);
  if (hasMore && (await offer(left))) return left;
  const entry = await journal.update(left, (current = left) => {
    // Another tab has opened it meanwhile and typed.
    if (current.edition !== left.edition) return undefined;
    const kept = hasMore ? withEarlier(current, now(), current.text) : current;
    return { ...fresh, edition: current.edition + 1, earlier: kept.earlier };
  });
  return entry!;
}

async function openNew({ journal, account, locks, offer, newId }: Opening): Promise<Entry> {
  const fresh = entryOf({ account, post: `new:${newId()}` }, EMPTY_TEXT, null);
  for (const left of await journal.listOf(account)) {
    if (left.postId !== null || !left.post.startsWith('new:')) continue;
    if (await isOpenElsewhere(locks, left)) continue;
    if (isSaved(left)) await journal.erase(left);
    else if (await offer(left)) return left;
  }
  return (await journal.update(fresh, () => fresh))!;
}
