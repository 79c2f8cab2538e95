import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../config.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { type KeyRing, keyRing } from '../platform/secrets/key-ring.js';
import type { PostDetail } from './answers.schemas.js';
import type { EditablePost } from './editable-post.js';
import { PostRenderer } from './post-renderer.service.js';
import { tagsOf } from './post-text.js';
import { ADMINISTRATOR, PostsQueries } from './posts.queries.js';
import type { WorkingCopy } from './working-copy.js';

const NONCE_BYTES = 32;
/** 256 bits. */
const TOKEN = /^[\w-]{43}$/;

const FIND = `
  SELECT l.post_id, l.nonce, l.token_hash, w.text FROM preview_links l LEFT JOIN working_copies w ON w.post_id = l.post_id
  WHERE l.token_hash = $1`;
const OF_POST = 'SELECT nonce, token_hash FROM preview_links WHERE post_id = $1';
const REPLACE = `
  INSERT INTO preview_links (post_id, author_id, token_hash, nonce) VALUES ($1, $2, $3, $4)
  ON CONFLICT (post_id) DO UPDATE SET token_hash = excluded.token_hash, nonce = excluded.nonce, created_at = clock_timestamp()`;

interface LinkRow {
  readonly nonce: Buffer;
  readonly token_hash: Buffer;
}

interface FoundRow extends LinkRow {
  readonly post_id: number;
  /** Of the working copy. */
  readonly text: WorkingCopy['text'] | null;
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Links to unpublished texts. Anyone with the link can read the text until the link is revoked. */
@Injectable()
export class PreviewLinks {
  private readonly keys: KeyRing;

  constructor(
    config: Config,
    private readonly pool: Pool,
    private readonly queries: PostsQueries,
    private readonly renderer: PostRenderer,
  ) {
    this.keys = keyRing(config.authSecret ?? [], 'preview links');
  }

  /** @returns the path of the link to a post, if there is one */
  async pathOf(tx: Transaction, postId: number): Promise<string | null> {
    const { rows } = await tx.query<LinkRow>(OF_POST, [postId]);
    const token = rows[0] === undefined ? null : this.tokenOf(rows[0]);
    return token === null ? null : `/preview/${token}`;
  }

  /** Makes a link to a locked post, unless there is one. */
  async share(tx: Transaction, { post }: EditablePost): Promise<void> {
    if ((await this.pathOf(tx, post.id)) !== null) return;
    const nonce = randomBytes(NONCE_BYTES);
    const hash = hashOf(derive(this.keys.current.bytes, nonce));
    await tx.query(REPLACE, [post.id, post.authorId, hash, nonce]);
  }

  async revoke(tx: Transaction, { post }: EditablePost): Promise<void> {
    await tx.query('DELETE FROM preview_links WHERE post_id = $1', [post.id]);
  }

  /**
   * The text as it is being edited, in the form of a post.
   * @returns null if there is no such link
   * @throws PostTooComplex 422
   */
  async find(token: string): Promise<PostDetail | null> {
    if (!TOKEN.test(token)) return null;
    const { rows } = await this.pool.query<FoundRow>(FIND, [hashOf(token)]);
    const [link] = rows;
    if (link === undefined || this.tokenOf(link) !== token) return null;
    const found = await this.queries.find(link.post_id, ADMINISTRATOR);
    if (found.id === null) return null;
    const post = JSON.parse(found.body) as PostDetail;
    return link.text === null ? post : this.edited(post, link.text);
  }

  private async edited(post: PostDetail, text: WorkingCopy['text']): Promise<PostDetail> {
    const { title, content, excerpt, category_name: name } = text;
    const isRewritten = content !== post.content;
    const rendered = isRewritten ? await this.renderer.render(content, 'markdown', 'previews') : undefined;
    return {
      ...post,
      ...{ title, content, excerpt: excerpt ?? rendered?.excerpt ?? post.excerpt },
      slug: text.slug ?? post.slug,
      tags: tagsOf(text.tags).tags,
      content_html: rendered?.contentHtml ?? post.content_html,
      category: name === null ? post.category : { ...post.category, name },
    };
  }

  /** Null if the secret that made the token is no longer in use. */
  private tokenOf({ nonce, token_hash: hash }: LinkRow): string | null {
    const tokens = this.keys.all.map(({ bytes }) => derive(bytes, nonce));
    return tokens.find((token) => hashOf(token).equals(hash)) ?? null;
  }
}

const derive = (key: Buffer, nonce: Buffer): string =>
  createHmac('sha256', key).update(nonce).digest('base64url');
