import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export const POST_STATUSES = ['draft', 'published'] as const;
export type PostStatus = (typeof POST_STATUSES)[number];

/** The format of `content`. Everything written in Inkwell is Markdown; an import may contain HTML. */
export type ContentFormat = 'markdown' | 'html';

/** Shown as the author of a post whose account was deleted. */
export const DELETED_AUTHOR = '[deleted]';

@Entity('posts')
export class Post {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('text')
  slug!: string;

  @Column('text')
  title!: string;

  @Column('text')
  content!: string;

  @Column('text', { name: 'content_format' })
  contentFormat!: ContentFormat;

  /** Rendered and sanitised when the post was written. */
  @Column('text', { name: 'content_html' })
  contentHtml!: string;

  /** Made from the text. */
  @Column('text')
  excerpt!: string;

  /** Written by the author, and shown instead of `excerpt`. Null if there is none. */
  @Column('text', { name: 'custom_excerpt', nullable: true })
  customExcerpt!: string | null;

  /** Null if the author's account was deleted. */
  @Column('integer', { name: 'author_id', nullable: true })
  readonly authorId!: number | null;

  @Column('integer', { name: 'category_id' })
  categoryId!: number;

  @Column('text', { array: true })
  tags!: string[];

  /** Parallel to `tags`. */
  @Column('text', { name: 'tag_slugs', array: true })
  tagSlugs!: string[];

  @Column('text')
  status!: PostStatus;

  @Column('boolean', { name: 'was_published' })
  wasPublished!: boolean;

  /** The revision of the post, from 1. */
  @Column('integer')
  version!: number;

  /** Time of the first publication, or of creation before that. */
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
