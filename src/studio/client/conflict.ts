import type { Versioned } from './api.js';
import type { Acknowledged } from './journal.js';
import { type EditableText, isSameText } from './text.js';

/** Two versions that a person has to choose from. */
export interface Conflict {
  /** The server's current version. */
  readonly server: Versioned;
  /** The text that this browser's differs from. */
  readonly theirs: EditableText;
  /** The version of the post that the merged text is based on, if it is newer than the one that the server assumes. */
  readonly rebase: string | null;
}

/**
 * The conflict between what this browser has saved and what the server has. null: there is none, because the server's
 * text is the acknowledged one, and only something else has changed.
 */
export function conflictOf(acknowledged: Acknowledged | null, server: Versioned): Conflict | null {
  const { document } = server;
  if (acknowledged === null || !isSameText(document.text, acknowledged.kept))
    return { server, theirs: document.text, rebase: null };
  // The same working copy, but the post under it is another.
  if (document.has_working_copy && document.published !== null && document.base !== document.post_etag)
    return { server, theirs: document.published, rebase: document.post_etag };
  return null;
}
