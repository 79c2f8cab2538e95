import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { isId } from '../platform/openapi/api-values.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { entityTag } from '../platform/responses/answer.js';
import { type EditablePost, lockForEdit } from './editable-post.js';
import { type EditableText, isSameText, tagOfPost, textOf } from './editable-text.js';
import type { PostStatus } from './post.entity.js';
import { PostTrash, type TrashedText } from './post-trash.service.js';
import { PostInTrash, PostNotFound } from './posts.problems.js';
import { PostsQueries } from './posts.queries.js';
import { PreviewLinks } from './preview-links.service.js';
import { editedText, type EditedPost, tagOfText, withCopy } from './working-copy.js';

/** A post as the editor shows it. */
export interface EditedDocument {
  readonly id: number;
  readonly status: PostStatus;
  readonly text: EditableText;
  readonly has_working_copy: boolean;
  /** The tag of the post that the text is based on. */
  readonly base: string;
  /** The tag of the post as it is. */
  readonly post_etag: string;
  /** The text that readers see. */
  readonly published: EditableText | null;
  readonly url: string;
  readonly created_at: string;
  readonly published_at: string | null;
  readonly updated_at: string;
  readonly saved_at: string;
  readonly trashed_at: string | null;
  readonly preview_url: string | null;
}

/** A document, and the version of its text. */
export interface Edited {
  readonly document: EditedDocument;
  readonly etag: string;
}

/** Reads posts for their editor. */
@Injectable()
export class EditedDocuments {
  constructor(
    private readonly queries: PostsQueries,
    private readonly previews: PreviewLinks,
    private readonly trash: PostTrash,
  ) {}

  /** @throws PostNotFound 404, PostNotYours 403, PostInTrash 409 */
  async lock(tx: Transaction, id: string, principal: Principal): Promise<EditedPost> {
    try {
      if (!isId(id)) throw new PostNotFound(id);
      return await withCopy(tx, await lockForEdit(tx, this.queries, { reference: id, principal }));
    } catch (error) {
      if (error instanceof PostNotFound && isId(id))
        await this.trash.assertNotThere(tx, Number(id), principal);
      throw error;
    }
  }

  /** A post as it is, or as it was when it was moved to the trash. @throws PostNotFound 404, PostNotYours 403 */
  async open(tx: Transaction, id: string, principal: Principal): Promise<Edited> {
    try {
      return await this.of(tx, await this.lock(tx, id, principal));
    } catch (error) {
      if (!(error instanceof PostInTrash)) throw error;
      const trashed = await this.trash.read(tx, Number(id), principal);
      if (trashed === null) throw error;
      return ofTrash(Number(id), trashed);
    }
  }

  /** A post that has just been written. */
  async reread(tx: Transaction, id: number, principal: Principal): Promise<Edited> {
    return this.of(tx, await this.lock(tx, String(id), principal));
  }

  async of(tx: Transaction, edited: EditedPost): Promise<Edited> {
    const { post, copy } = edited;
    const postTag = tagOfPost(edited);
    const isPublic = post.status === 'published';
    const etag = tagOfText(edited);
    const document: EditedDocument = {
      ...{ id: post.id, status: post.status, text: editedText(edited) },
      // A draft is private anyway: where its text is kept makes no difference.
      has_working_copy: isPublic && copy !== null,
      base: copy === null || isSameText(copy.baseTag, postTag) ? postTag : copy.baseTag,
      post_etag: postTag,
      published: isPublic ? textOf(edited) : null,
      url: `/blog/posts/${post.slug}`,
      created_at: post.createdAt.toISOString(),
      published_at: post.wasPublished ? post.createdAt.toISOString() : null,
      updated_at: post.updatedAt.toISOString(),
      saved_at: (copy?.savedAt ?? post.updatedAt).toISOString(),
      trashed_at: null,
      preview_url: await this.previews.pathOf(tx, post.id),
    };
    return { document, etag };
  }
}

/** Its tag names no text that could be changed. */
function ofTrash(id: number, trashed: TrashedText): Edited {
  const etag = entityTag(JSON.stringify(trashed));
  const created = trashed.created_at.toISOString();
  const document: EditedDocument = {
    ...{ id, status: trashed.status, text: trashed.text, has_working_copy: trashed.has_copy },
    ...{ base: etag, post_etag: etag, published: null, url: `/blog/posts/${trashed.post_slug}` },
    created_at: created,
    published_at: trashed.was_published ? created : null,
    updated_at: trashed.updated_at.toISOString(),
    saved_at: trashed.updated_at.toISOString(),
    trashed_at: trashed.trashed_at.toISOString(),
    preview_url: null,
  };
  return { document, etag };
}

/** Is the working copy based on the post as it is? */
export const isCurrent = ({ copy, ...post }: EditedPost): boolean =>
  copy === null || isSameText(copy.baseTag, tagOfPost(post satisfies EditablePost));
