import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Edited, type EditedDocument, Editing } from '../../blog/editing.service.js';
import { PostRenderer } from '../../blog/post-renderer.service.js';
import { SuggestionsService } from '../../blog/suggestions.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { Problem } from '../../platform/errors/problem.js';
import type { FormErrors } from '../form.js';
import { EditorActions } from './editor-actions.service.js';
import type { EditorPage } from './editor-page.js';
import { EMPTY, textIn, type TypedPost, typedFrom } from './typed-post.js';

/** The notice after an action, and whether the action saves the typed text first. */
const ACTIONS = {
  save: { done: 'saved', saves: true },
  publish: { done: 'published', saves: true },
  unpublish: { done: 'unpublished', saves: true },
  share: { done: 'shared', saves: true },
  revoke: { done: 'revoked', saves: true },
  trash: { done: 'trashed', saves: true },
  discard: { done: 'discarded', saves: false },
} as const;
type Action = keyof typeof ACTIONS;

const isAction = (name: string): name is Action => Object.hasOwn(ACTIONS, name);

/** The version that a refused change was not based on. */
const currentOf = (error: unknown): EditedDocument | undefined =>
  error instanceof Problem && error.code === 'post.version_mismatch'
    ? (error.members?.['current'] as EditedDocument | undefined)
    : undefined;

/** Does what the forms of the editor ask for, with the same means as its script. */
@Injectable()
export class EditorForms {
  constructor(
    private readonly editing: Editing,
    private readonly actions: EditorActions,
    private readonly renderer: PostRenderer,
    private readonly suggestions: SuggestionsService,
  ) {}

  /** @param action what the button says; anything unknown saves @returns the path of the next page */
  async begin(typed: TypedPost, action: string, principal: Principal): Promise<string> {
    const { title, ...text } = textIn(typed);
    const named = title === undefined || title.trim() === '' ? text : { ...text, title };
    const created = await this.editing.create(named, principal, typed.key === '' ? undefined : typed.key);
    const { id } = created.document;
    if (action !== 'publish') return `/studio/posts/${id}?done=saved`;
    await this.editing.publish({ id: String(id), principal, ifMatch: created.etag });
    return `/studio/posts/${id}?done=published`;
  }

  /** @returns the path of the next page @throws TextChanged 412 if the form is based on another version */
  async perform(id: string, typed: TypedPost, name: string, principal: Principal): Promise<string> {
    const action = isAction(name) ? name : 'save';
    const request = { id, principal, ifMatch: typed.etag };
    const { saves, done } = ACTIONS[action];
    const base = typed.base === '' ? undefined : typed.base;
    const saved = saves
      ? await this.editing.save(request, textIn(typed), base)
      : { document: { status: 'draft' }, etag: typed.etag };
    const wasPublished = saved.document.status === 'published';
    await this.finish(action, { ...request, ifMatch: saved.etag });
    if (action === 'trash') return `/studio/posts/trash?done=${done}`;
    return `/studio/posts/${id}?done=${action === 'publish' && wasPublished ? 'updated' : done}`;
  }

  private async finish(
    action: Action,
    request: { id: string; principal: Principal; ifMatch: string },
  ): Promise<unknown> {
    switch (action) {
      case 'publish':
        return this.editing.publish(request);
      case 'unpublish':
        return this.editing.unpublish(request);
      case 'discard':
        return this.editing.discard(request);
      case 'trash':
        return this.actions.trash(request);
      case 'share':
        return this.actions.share(request);
      case 'revoke':
        return this.actions.revoke(request);
      case 'save':
        return undefined;
    }
  }

  /** The page of a post, or of a new one. */
  async page(principal: Principal, edited?: Edited): Promise<EditorPage> {
    const key = randomUUID();
    const categories = await this.suggestions.categories('', principal);
    if (edited === undefined) return { typed: { ...EMPTY, key }, categories };
    const { document, etag } = edited;
    const typed = typedFrom(document.text, { etag, base: document.post_etag, key });
    // Somebody has changed the published post since these changes began.
    const theirs = document.base === document.post_etag ? undefined : (document.published ?? undefined);
    return { document, typed, categories, theirs };
  }

  /** The page with what was typed rendered below. */
  async preview(principal: Principal, typed: TypedPost, edited?: Edited): Promise<EditorPage> {
    const { contentHtml } = await this.renderer.render(typed.content, 'markdown', String(principal.userId));
    return { ...(await this.page(principal, edited)), typed, preview: contentHtml };
  }

  /**
   * The page again after a refusal, with everything as it was typed. After a conflict it is based on the other version,
   * which is shown beside it: saving again is then a choice.
   */
  async refused(
    principal: Principal,
    typed: TypedPost,
    { errors, cause, edited }: { errors: FormErrors; cause: unknown; edited?: Edited | undefined },
  ): Promise<EditorPage> {
    const page = { ...(await this.page(principal, edited)), errors };
    const current = currentOf(cause);
    if (current === undefined || edited === undefined) return { ...page, typed };
    const isOfPost = current.base !== current.post_etag;
    const theirs = (isOfPost ? current.published : null) ?? current.text;
    return { ...page, typed: { ...typed, etag: edited.etag, base: current.post_etag }, theirs };
  }
}
