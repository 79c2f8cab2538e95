import { entityTag } from '../platform/responses/answer.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { EditablePost } from './editable-post.js';
import { type EditableText, tagOfPost, textOf } from './editable-text.js';

/** Null in place of what is as in the post, so that it follows the post when that is renamed. */
interface StoredText extends Omit<EditableText, 'slug' | 'category_name'> {
  readonly slug: string | null;
  readonly category_name: string | null;
}

export interface WorkingCopy {
  readonly text: StoredText;
  readonly version: number;
  /** The tag of the post that the changes began with. */
  readonly baseTag: string;
  readonly savedAt: Date;
}

/** A locked post with the text that its author is changing. */
export interface EditedPost extends EditablePost {
  /** Null if the text is that of the post. */
  readonly copy: WorkingCopy | null;
}

const READ = `
  SELECT text, version, base_tag AS "baseTag", saved_at AS "savedAt" FROM working_copies WHERE post_id = $1`;
const WRITE = `
  INSERT INTO working_copies (post_id, author_id, text, base_version, base_tag, saved_by) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (post_id) DO UPDATE SET text = excluded.text, version = working_copies.version + 1,
    base_version = excluded.base_version, base_tag = excluded.base_tag, saved_by = excluded.saved_by,
    saved_at = clock_timestamp()
  RETURNING text, version, base_tag AS "baseTag", saved_at AS "savedAt"`;

export async function withCopy(tx: Transaction, post: EditablePost): Promise<EditedPost> {
  const { rows } = await tx.query<WorkingCopy>(READ, [post.post.id]);
  return { ...post, copy: rows[0] ?? null };
}

/** @param made.base the tag of the post that the text is based on */
export async function writeCopy(
  tx: Transaction,
  edited: EditablePost,
  text: EditableText,
  { base, userId }: { readonly base: string; readonly userId: number },
): Promise<WorkingCopy> {
  const { post, category } = edited;
  const stored: StoredText = {
    ...text,
    slug: text.slug === post.slug ? null : text.slug,
    category_name: text.category_name === category.name ? null : text.category_name,
  };
  const baseVersion = Number(base.slice(1, base.indexOf('-')));
  const values = [post.id, post.authorId, JSON.stringify(stored), baseVersion, base, userId];
  return (await tx.query<WorkingCopy>(WRITE, values)).rows[0]!;
}

export async function removeCopy(tx: Transaction, { post }: EditablePost): Promise<void> {
  await tx.query('DELETE FROM working_copies WHERE post_id = $1', [post.id]);
}

/** The text in the editor: of the working copy if there is one, else of the post. */
export function editedText({ copy, ...post }: EditedPost): EditableText {
  const text = textOf(post);
  if (copy === null) return text;
  const { slug, category_name: category, ...rest } = copy.text;
  return { ...rest, slug: slug ?? text.slug, category_name: category ?? text.category_name };
}

/** The ETag of that text. */
export const tagOfText = ({ copy, ...post }: EditedPost): string =>
  copy === null
    ? tagOfPost(post)
    : entityTag(JSON.stringify(['working copy', copy.text, copy.baseTag]), copy.version);
