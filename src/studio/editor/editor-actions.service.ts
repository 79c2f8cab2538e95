import { Injectable } from '@nestjs/common';
import { type Edited, Editing, type TextRequest } from '../../blog/editing.service.js';
import { PostEditor } from '../../blog/post-editor.service.js';
import { PreviewLinks } from '../../blog/preview-links.service.js';

/** Actions of an author on a post besides writing, such as publishing. */
@Injectable()
export class EditorActions {
  constructor(
    private readonly editing: Editing,
    private readonly posts: PostEditor,
    private readonly previews: PreviewLinks,
  ) {}

  /** @throws PostNotFound 404, PostNotYours 403, TextChanged 412 */
  async trash({ ifMatch, ...request }: TextRequest): Promise<void> {
    if (ifMatch !== undefined)
      await this.editing.change({ ...request, ifMatch, idempotencyKey: undefined }, 'check', nothing);
    await this.posts.remove({ ...request, reference: request.id });
  }

  /** @throws PostNotFound 404, SlugTakenMeanwhile 409 */
  async restore({ id, principal, idempotencyKey }: TextRequest, slug?: string): Promise<Edited> {
    await this.posts.restore({ reference: id, principal, idempotencyKey }, { slug });
    return this.editing.open(id, principal);
  }

  /** Makes the link to a preview, unless there is one. */
  share(request: TextRequest): Promise<Edited> {
    return this.editing.change(request, 'share', (tx, edited) => this.previews.share(tx, edited));
  }

  /** From now on, the link leads nowhere. */
  revoke(request: TextRequest): Promise<Edited> {
    return this.editing.change(request, 'revoke', (tx, edited) => this.previews.revoke(tx, edited));
  }
}

const nothing = async (): Promise<void> => undefined;
