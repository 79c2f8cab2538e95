import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { slugify } from '../platform/slugs/slugify.js';
import { normalise } from '../platform/text/normalise.js';
import type { CategoryState } from './categories.events.js';
import { CategoriesService, NO_CATEGORY } from './categories.service.js';
import { freeSlugs, takenSlugs } from './free-slugs.js';
import { insertPosts, type NewPostRow } from './insert-posts.js';
import type { ContentFormat, PostStatus } from './post.entity.js';
import { PostRenderer } from './post-renderer.service.js';
import { customExcerpt, postTokens, type RenderedContent, tagsOf } from './post-text.js';
import { type ImportedState, PostsImported } from './posts.events.js';
import { isSlug } from './posts.schemas.js';

/** A post from another system. Its texts contain neither NUL nor lone surrogates. The caller checks the lengths. */
export interface ImportedPost {
  /** Its identity in the source. A second import of the same post does nothing. */
  readonly sourceKey: string;
  readonly title: string;
  /** Kept if it is a valid and free slug; otherwise a similar one is made. Default: made from the title. */
  readonly slug?: string | undefined;
  readonly content: string;
  readonly contentFormat: ContentFormat;
  /** Written by the author. At most 200 characters. Default: the beginning of the text. */
  readonly excerpt?: string | undefined;
  /** Null is shown as `[deleted]`. */
  readonly authorId: number | null;
  /** Default: General. */
  readonly categoryName?: string | undefined;
  readonly tags: readonly string[];
  readonly status: PostStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Paths, starting with `/`, that lead to the post from now on. */
  readonly formerPaths: readonly string[];
  /** Slugs that the post had in Inkwell before, if an export is imported again. */
  readonly formerSlugs?: readonly string[];
}

export interface InsertedPost {
  readonly sourceKey: string;
  readonly id: number;
  readonly slug: string;
  /** Former paths that already lead to another post, which keeps them. */
  readonly takenPaths: readonly string[];
}

/**
 * Rendering happens within the transaction. Small portions keep its pauses short enough that PostgreSQL does not time
 * the transaction out.
 */
const MAX_CONTENT_PER_STATEMENT = 400_000;

const RENDERED_AT_ONCE = 4;

const CLAIM = `
  INSERT INTO imported_posts (source_key) SELECT unnest($1::text[]) AS key ORDER BY key
  ON CONFLICT DO NOTHING RETURNING source_key`;
const LINK = `
  UPDATE imported_posts SET post_id = made.id FROM unnest($1::text[], $2::integer[]) AS made (key, id)
  WHERE source_key = made.key`;
const ADD_PATHS = `
  INSERT INTO former_addresses (path, post_id) SELECT path, id FROM unnest($1::text[], $2::integer[]) AS given (path, id)
  ON CONFLICT (path) DO NOTHING RETURNING path, post_id`;
/** A current slug always leads to its own post, even if another post had it before. */
const ADD_FORMER_SLUGS = `
  INSERT INTO former_slugs (slug, post_id) SELECT slug, id FROM unnest($1::text[], $2::integer[]) AS given (slug, id)
  WHERE NOT EXISTS (SELECT FROM posts WHERE posts.slug = given.slug) ON CONFLICT (slug) DO NOTHING`;

/** Rows locked until the transaction ends. */
interface LockedReferences {
  /** User names by id. */
  readonly authors: ReadonlyMap<number, string>;
  readonly categories: ReadonlyMap<string, CategoryState>;
}

interface Rendered {
  readonly post: ImportedPost;
  readonly slug: string;
  readonly rendered: RenderedContent;
}

interface Insertion {
  readonly post: ImportedPost;
  readonly slug: string;
  readonly id: number;
}

/** Imports many posts in few statements. */
@Injectable()
export class PostImporter {
  constructor(
    private readonly categories: CategoriesService,
    private readonly renderer: PostRenderer,
  ) {}

  /**
   * Records one event for any number of posts.
   * @param posts at most 500
   * @param quiet sends nothing to webhooks
   * @returns the posts that were new; the others were imported before, and may have been deleted since
   */
  async importBatch(
    tx: Transaction,
    posts: readonly ImportedPost[],
    { quiet }: { quiet: boolean },
  ): Promise<InsertedPost[]> {
    const fresh = await claim(tx, posts.map(composed));
    if (fresh.length === 0) return [];
    const authors = await holdAuthors(tx, fresh);
    const created: CategoryState[] = [];
    const names = fresh.map(categoryNameOf);
    const categories = await this.categories.ensure(tx, names, (category) => created.push(category));
    const insertions = await this.insertAll(tx, fresh, { authors, categories });
    await tx.query(LINK, [insertions.map(({ post }) => post.sourceKey), insertions.map(({ id }) => id)]);
    const published = insertions.filter(({ post }) => post.status === 'published');
    if (published.length > 0 || created.length > 0) {
      const states = published.map((each) => importedState(each, { authors, categories }));
      tx.record(PostsImported({ posts: states, categories: created, quiet }));
    }
    await addFormerSlugs(tx, insertions);
    const owners = await addPaths(tx, insertions);
    return insertions.map(({ post, id, slug }) => ({
      sourceKey: post.sourceKey,
      id,
      slug,
      takenPaths: post.formerPaths.filter((path) => owners.get(path) !== id),
    }));
  }

  /** Retries with other slugs while another transaction takes one of them in between. */
  private async insertAll(
    tx: Transaction,
    posts: readonly ImportedPost[],
    surroundings: LockedReferences,
  ): Promise<Insertion[]> {
    const done: Insertion[] = [];
    for (let left = posts; left.length > 0;) {
      const bySlug = await assignSlugs(tx, left);
      for (const portion of portionsOf([...bySlug])) {
        const rendered = await this.render(portion);
        const rows = rendered.map((each) => rowOf(each, surroundings));
        for (const [slug, id] of await insertPosts(tx, rows))
          done.push({ slug, id, post: bySlug.get(slug)! });
      }
      const inserted = new Set(done.map(({ post }) => post));
      left = left.filter((post) => !inserted.has(post));
    }
    return done;
  }

  /** Renders a few at once. The renderer would refuse more. */
  private async render(portion: readonly [string, ImportedPost][]): Promise<Rendered[]> {
    const rendered: Rendered[] = [];
    const left = portion.entries();
    const work = async (): Promise<void> => {
      for (const [index, [slug, post]] of left) {
        const { content, contentFormat } = post;
        rendered[index] = {
          ...{ post, slug },
          rendered: await this.renderer.render(content, contentFormat, 'import'),
        };
      }
    };
    await Promise.all(Array.from({ length: RENDERED_AT_ONCE }, work));
    return rendered;
  }
}

const nameOf = (text: string): string => normalise(text, 'NFC').trim();

/** Names in composed form, as in the API. File names of some systems are decomposed. */
const composed = (post: ImportedPost): ImportedPost => ({
  ...post,
  title: normalise(post.title, 'NFC'),
  categoryName: post.categoryName === undefined ? undefined : nameOf(post.categoryName),
  tags: post.tags.map(nameOf).filter((tag) => tag !== ''),
});

const categoryNameOf = ({ categoryName }: ImportedPost): string =>
  categoryName === undefined || categoryName === '' ? NO_CATEGORY : categoryName;

/** If two imports run at once, the second waits for the first and finds nothing left to do. */
async function claim(tx: Transaction, posts: readonly ImportedPost[]): Promise<ImportedPost[]> {
  const byKey = new Map(posts.map((post) => [post.sourceKey, post]));
  const { rows } = await tx.query<{ source_key: string }>(CLAIM, [[...byKey.keys()]]);
  const claimed = new Set(rows.map((row) => row.source_key));
  return [...byKey.values()].filter((post) => claimed.has(post.sourceKey));
}

/** Locks the accounts, so that none is deleted before its posts are stored. @returns user names by id */
async function holdAuthors(tx: Transaction, posts: readonly ImportedPost[]): Promise<Map<number, string>> {
  const { rows } = await tx.query<{ id: number; username: string }>(
    'SELECT id, username FROM users WHERE id = ANY($1::integer[]) ORDER BY id FOR KEY SHARE',
    [[...new Set(posts.map((post) => post.authorId))]],
  );
  return new Map(rows.map(({ id, username }) => [id, username]));
}

function wantedSlug({ slug, title }: ImportedPost): string {
  if (slug !== undefined && isSlug(slug)) return slug;
  return slugify(slug === undefined || slug === '' ? title : slug);
}

async function assignSlugs(
  tx: Transaction,
  posts: readonly ImportedPost[],
): Promise<Map<string, ImportedPost>> {
  const groups = Map.groupBy(posts, wantedSlug);
  const taken = await takenSlugs(tx, [...groups.keys()]);
  const isAsWanted = ([slug, group]: [string, ImportedPost[]]): boolean =>
    group.length === 1 && !taken.has(slug);
  const [asWanted, numbered] = partition([...groups], isAsWanted);
  const assigned = new Map(asWanted.map(([slug, group]) => [slug, group[0]!]));
  for (const [base, group] of numbered) {
    // A number that is free in the database may already be assigned in this batch. So one more is requested for each
    // assigned slug.
    const free = await freeSlugs(tx, 'post', base, group.length + assigned.size);
    const unassigned = free.filter((slug) => !assigned.has(slug));
    for (const [index, post] of group.entries()) assigned.set(unassigned[index]!, post);
  }
  return assigned;
}

const partition = <T>(all: readonly T[], belongs: (each: T) => boolean): [T[], T[]] => [
  all.filter(belongs),
  all.filter((each) => !belongs(each)),
];

function* portionsOf(posts: [string, ImportedPost][]): Generator<[string, ImportedPost][]> {
  let portion: [string, ImportedPost][] = [];
  let size = 0;
  for (const entry of posts) {
    portion.push(entry);
    size += entry[1].content.length;
    if (size < MAX_CONTENT_PER_STATEMENT) continue;
    yield portion;
    portion = [];
    size = 0;
  }
  if (portion.length > 0) yield portion;
}

function rowOf(
  { post, slug, rendered: { contentHtml, excerpt, textTokens } }: Rendered,
  { authors, categories }: LockedReferences,
): NewPostRow {
  const { tags, tagSlugs } = tagsOf(post.tags);
  return {
    slug,
    title: post.title,
    content: post.content,
    content_format: post.contentFormat,
    content_html: contentHtml,
    excerpt,
    custom_excerpt: customExcerpt(post.excerpt),
    // If an account was deleted during the import, its posts stay without an author, as for any deleted account.
    author_id: post.authorId !== null && authors.has(post.authorId) ? post.authorId : null,
    category_id: categories.get(categoryNameOf(post))!.id,
    tags,
    tag_slugs: tagSlugs,
    status: post.status,
    tokens: postTokens(post.title, tags, textTokens),
    created_at: post.createdAt,
    updated_at: post.updatedAt,
  };
}

function importedState(
  { post, id, slug }: Insertion,
  { authors, categories }: LockedReferences,
): ImportedState {
  const category = categories.get(categoryNameOf(post))!.slug;
  const author = post.authorId === null ? null : (authors.get(post.authorId) ?? null);
  const formerSlugs = post.formerSlugs ?? [];
  const { tagSlugs: tags } = tagsOf(post.tags);
  return { id, slug, title: post.title, formerSlugs, author, category, tags };
}

async function addFormerSlugs(tx: Transaction, insertions: readonly Insertion[]): Promise<void> {
  const slugs = insertions.flatMap(({ post, id }) => (post.formerSlugs ?? []).map((slug) => ({ slug, id })));
  if (slugs.length === 0) return;
  await tx.query(ADD_FORMER_SLUGS, [slugs.map(({ slug }) => slug), slugs.map(({ id }) => id)]);
}

/** @returns the post that each new path leads to */
async function addPaths(tx: Transaction, insertions: readonly Insertion[]): Promise<Map<string, number>> {
  const paths = insertions.flatMap(({ post, id }) => post.formerPaths.map((path) => ({ path, id })));
  if (paths.length === 0) return new Map();
  const { rows } = await tx.query<{ path: string; post_id: number }>(ADD_PATHS, [
    paths.map(({ path }) => path),
    paths.map(({ id }) => id),
  ]);
  return new Map(rows.map((row) => [row.path, row.post_id]));
}
