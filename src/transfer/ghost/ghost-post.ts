import { parseDate } from '../parse-date.js';
import type { Remarks } from '../remarks.js';
import type { SourcePost } from '../source.js';
import { ghostBody } from './ghost-body.js';
import type { GhostIndex } from './ghost-index.js';
import type { GhostPost } from './ghost.schemas.js';

/** Columns of a post, and of its row in posts_meta, that Inkwell has no place for. */
const NOT_KEPT =
  /^(?:feature_image|image$|meta_|og_|twitter_|codeinjection_|canonical_url|custom_template|email_subject|email_only|frontmatter|newsletter_id)/;

/** Why a row of `posts` is not imported. Undefined if it is. */
export function leftOut(post: GhostPost): string | undefined {
  const isPage = post.type === 'page' || post.page === true || post.page === 1;
  if (isPage) return 'Ghost page';
  return post.type === undefined || post.type === null || post.type === 'post'
    ? undefined
    : `Ghost ${post.type}`;
}

function statusOf(post: GhostPost, remarks: Remarks): SourcePost['status'] {
  if (post.status === 'draft') return 'draft';
  if (post.status !== 'published') {
    remarks.changed(
      post.status === 'scheduled'
        ? 'scheduled post became a draft'
        : `post of status "${post.status}" became a draft`,
    );
    return 'draft';
  }
  const visibility = post.visibility ?? 'public';
  if (visibility === 'public') return 'published';
  remarks.changed(`post for ${visibility} only became a draft`);
  return 'draft';
}

function labelsOf(
  post: GhostPost,
  index: GhostIndex,
  remarks: Remarks,
): { category: string | undefined; tags: string[] } {
  const tags = index.tagsOf(post);
  for (const tag of tags) if (tag.isInternal) remarks.notKept('internal tag', tag.name);
  const names = tags.filter((tag) => !tag.isInternal).map((tag) => tag.name);
  // Ghost has no categories. Its themes show the first tag as one.
  return { category: names[0], tags: names };
}

function reportRest(post: GhostPost, index: GhostIndex, remarks: Remarks): void {
  for (const [name, value] of Object.entries({ ...post, ...index.metaOf(post) })) {
    const isFilled = value !== null && value !== '' && value !== false && value !== 0;
    if (isFilled && NOT_KEPT.test(name)) remarks.notKept(`field "${name}"`);
  }
  if (post['featured'] === true || post['featured'] === 1) remarks.notKept('being featured');
}

/** @param exportedAt the date of a post without one @throws BrokenPost if its body cannot be converted */
export function readGhostPost(
  post: GhostPost,
  index: GhostIndex,
  exportedAt: Date,
  remarks: Remarks,
): SourcePost {
  const [author, ...others] = index.authorsOf(post);
  if (others.length > 0)
    remarks.notKept('further authors of a post', others.map((other) => other.displayName).join(', '));
  const created = parseDate(post.published_at ?? '') ?? parseDate(post.created_at ?? '');
  if (created === undefined) remarks.changed('date taken from the file, as the post has none');
  const slug = post.slug ?? '';
  const status = statusOf(post, remarks);
  reportRest(post, index, remarks);
  return {
    key: `ghost:${post.uuid ?? post.id}`,
    written: JSON.stringify(post),
    place: remarks.place,
    title: post.title,
    slug: slug === '' ? post.title : slug,
    ...ghostBody(post, remarks),
    excerpt: post.custom_excerpt ?? undefined,
    author,
    ...labelsOf(post, index, remarks),
    status,
    createdAt: created ?? exportedAt,
    updatedAt: parseDate(post.updated_at ?? ''),
    formerAddresses: slug === '' ? [] : [`/${slug}/`],
  };
}
