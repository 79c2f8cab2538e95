import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Principal } from '../platform/access/principal.js';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import { isId } from '../platform/openapi/api-values.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { matchesCurrent } from '../platform/responses/answer.js';
import { DraftTexts } from './draft-texts.service.js';
import { type Edited, EditedDocuments, isCurrent } from './edited-documents.service.js';
import { type TypedText, type ValidText, validText } from './editable-text.js';
import type { PreparedText } from './post-changes.service.js';
import type { PostStatus } from './post.entity.js';
import { IfMatchMissing, TextChanged } from './posts.problems.js';
import { editedText, type EditedPost, removeCopy, tagOfText } from './working-copy.js';

export type { EditableText, TypedText } from './editable-text.js';
export { typedTextSchema } from './editable-text.js';
export type { Edited, EditedDocument } from './edited-documents.service.js';

/** A change of a text: its author, the post, and the version that the author has seen. */
export interface TextRequest {
  readonly id: string;
  readonly principal: Principal;
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Stored for a repeated request. The texts are not, because an editor saves every second. */
interface Done {
  readonly id: number;
  readonly etag: string;
  readonly base: string;
}

/** The text to be published is another one than was rendered. */
class Overtaken extends Error {}

type Work = (tx: Transaction, edited: EditedPost) => Promise<void>;

/** Edits the texts of posts: drafts themselves, and published posts in a private working copy. */
@Injectable()
export class Editing {
  constructor(
    private readonly pool: Pool,
    private readonly requests: IdempotentRequests,
    private readonly documents: EditedDocuments,
    private readonly texts: DraftTexts,
  ) {}

  /** @throws PostNotFound 404, PostNotYours 403 */
  async open(id: string, principal: Principal): Promise<Edited> {
    return (await this.requests.once(undefined, (tx) => this.documents.open(tx, id, principal))).value;
  }

  /** Begins a draft. @throws InvalidText 422, SlugTaken 409 */
  async create(typed: TypedText, principal: Principal, idempotencyKey?: string): Promise<Edited> {
    const text = validText(typed);
    return this.answered({ principal, idempotencyKey }, ['POST studio posts', text], (work) =>
      this.texts.prepare(text.content ?? '', principal, (prepared) =>
        work(async (tx) => this.texts.create(tx, text, { text: prepared, principal })),
      ),
    );
  }

  /**
   * Saves a text. Nothing public changes.
   * @param base the tag of the post that the text is based on now, after a merge
   * @throws TextChanged 412 if the text is not the one that `ifMatch` names
   */
  async save(request: TextRequest, typed: TypedText, base?: string): Promise<Edited> {
    const text = validText(typed);
    const saved = await this.answered(request, ['PUT text', request.id, text, base], (work) =>
      this.texts.prepare(text.content, request.principal, (prepared) =>
        work(async (tx) => {
          const edited = await this.documents.lock(tx, request.id, request.principal);
          if (isSaved(edited, text, base)) return edited.post.id;
          await this.assertSeen(tx, edited, request);
          const isSaving = await this.texts.save(tx, edited, text, {
            text: prepared,
            principal: request.principal,
            base,
          });
          if (!isSaving) await this.refuse(tx, edited);
          return edited.post.id;
        }),
      ),
    );
    // A repeated request gets the text that it has saved, even if another one has been saved since.
    return saved.isReplay
      ? { ...saved, document: { ...saved.document, text: { ...saved.document.text, ...text } } }
      : saved;
  }

  /** Makes the text public: publishes a draft, or replaces a published post with its working copy. @throws TextChanged 412 */
  publish(request: TextRequest): Promise<Edited> {
    return this.settle(request, 'published');
  }

  /** Makes a draft of a published post, with the text of its working copy. @throws TextChanged 412 */
  unpublish(request: TextRequest): Promise<Edited> {
    return this.settle(request, 'draft');
  }

  /** Deletes the working copy: the text is that of the post again. */
  discard(request: TextRequest): Promise<Edited> {
    return this.change(request, 'DELETE text', (tx, edited) => removeCopy(tx, edited));
  }

  /** Runs `work` on a locked text that `ifMatch` names, if it is given. */
  change(request: TextRequest, name: string, work: Work): Promise<Edited> {
    return this.answered(request, [name, request.id], (transaction) =>
      transaction(async (tx) => {
        const edited = await this.documents.lock(tx, request.id, request.principal);
        if (request.ifMatch !== undefined) await this.assertSeen(tx, edited, request);
        await work(tx, edited);
        return edited.post.id;
      }),
    );
  }

  private async settle(request: TextRequest, status: PostStatus): Promise<Edited> {
    const { id, principal } = request;
    for (;;) {
      const content = await this.contentOfCopy(id);
      try {
        return await this.answered(request, [status, id], (work) =>
          this.texts.prepare(content, principal, (prepared) =>
            work((tx) => this.settleLocked(tx, request, status, { prepared, content })),
          ),
        );
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
    }
  }

  private async settleLocked(
    tx: Transaction,
    request: TextRequest,
    status: PostStatus,
    { prepared, content }: { prepared: PreparedText; content: string | undefined },
  ): Promise<number> {
    const { id, principal } = request;
    const edited = await this.documents.lock(tx, id, principal);
    await this.assertSeen(tx, edited, request);
    if (!isCurrent(edited)) await this.refuse(tx, edited);
    if (edited.copy?.text.content !== content) throw new Overtaken();
    await this.texts.settle(tx, edited, status, { text: prepared, principal });
    return edited.post.id;
  }

  /** The content that must be rendered before the post is locked. */
  private async contentOfCopy(id: string): Promise<string | undefined> {
    if (!isId(id)) return undefined;
    const sql = `SELECT text->>'content' AS content FROM working_copies WHERE post_id = $1`;
    return (await this.pool.query<{ content: string }>(sql, [id])).rows[0]?.content;
  }

  /** @throws IfMatchMissing 428, TextChanged 412 */
  private async assertSeen(tx: Transaction, edited: EditedPost, { ifMatch }: TextRequest): Promise<void> {
    if (ifMatch === undefined) throw new IfMatchMissing();
    if (!matchesCurrent(ifMatch, tagOfText(edited))) await this.refuse(tx, edited);
  }

  private async refuse(tx: Transaction, edited: EditedPost): Promise<never> {
    const { document, etag } = await this.documents.of(tx, edited);
    throw new TextChanged(document, etag);
  }

  /** @param run does the work in one transaction, which answers with the id of the post */
  private async answered(
    { principal, idempotencyKey }: Pick<TextRequest, 'principal' | 'idempotencyKey'>,
    content: unknown,
    run: (work: (inside: (tx: Transaction) => Promise<number>) => Promise<Answered>) => Promise<Answered>,
  ): Promise<Answered> {
    const request = keyed<Done>(idempotencyKey, { holder: principal, content });
    return run(async (inside) => {
      let made: Edited | undefined;
      const { value, isReplay } = await this.requests.once<Done>(request, async (tx) => {
        made = await this.documents.reread(tx, await inside(tx), principal);
        const { etag, document } = made;
        return { id: document.id, etag, base: document.base };
      });
      if (!isReplay) return { ...made!, isReplay };
      const { document } = await this.open(String(value.id), principal);
      return { document: { ...document, base: value.base }, etag: value.etag, isReplay };
    });
  }
}

interface Answered extends Edited {
  readonly isReplay: boolean;
}

/** Is this what is saved already? A save whose answer was lost is no conflict, with or without a key. */
function isSaved(edited: EditedPost, text: ValidText, base: string | undefined): boolean {
  const now = editedText(edited);
  const isSame = Object.entries(text).every(
    ([name, value]) => JSON.stringify(now[name as keyof ValidText]) === JSON.stringify(value),
  );
  return isSame && (base === undefined || base === edited.copy?.baseTag);
}
