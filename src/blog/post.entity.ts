import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export const POST_STATUSES = ['draft', 'published'] as const;
export type PostStatus = (typeof POST_STATUSES)[number];

/** What `content` is written in: everything written here is Markdown, an import may bring HTML. */
export type ContentFormat = 'markdown' | 'html';

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

  /** Rendered and sanitised when it was written. */
  @Column('text', { name: 'content_html' })
  contentHtml!: string;

  @Column('text')
  excerpt!: string;

  /** Null when the author's account was deleted. */
  @Column('integer', { name: 'author_id', nullable: true })
  readonly authorId!: number | null;

  @Column('integer', { name: 'category_id' })
  categoryId!: number;

  @Column('text', { array: true })
  tags!: string[];

  /** In parallel with `tags`. */
  @Column('text', { name: 'tag_slugs', array: true })
  tagSlugs!: string[];

  @Column('text')
  status!: PostStatus;

  @Column('boolean', { name: 'was_published' })
  wasPublished!: boolean;

  /** Counts the changes, from 1. */
  @Column('integer')
  version!: number;

  /** The moment of the first publication, once there was one. */
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
