import { stringify } from 'yaml';
import { DELETED_AUTHOR } from '../../blog/post.entity.js';
import type { ExportedPost } from '../../blog/posts.service.js';
import { EXPORT_MARK, EXPORT_VERSION } from './inkwell-file.js';

/** Encodes the characters of a decoded path that would otherwise be read differently. */
const asAddress = (path: string): string => path.replace(/[%?#\\\s\p{C}]/gu, encodeURIComponent);

/**
 * Writes a post for `readInkwellFile`: YAML front matter, an empty line, the content unchanged, and a line end. The
 * same post always gives the same bytes.
 * @param authorName display name of the author; '' if none is set
 */
export function writeInkwellFile(post: ExportedPost, authorName: string): string {
  const frontMatter = {
    [EXPORT_MARK]: EXPORT_VERSION,
    title: post.title,
    slug: post.slug,
    date: post.created_at.toISOString(),
    updated: post.updated_at.toISOString(),
    author: post.author ?? DELETED_AUTHOR,
    ...(authorName === '' ? {} : { author_name: authorName }),
    ...(post.custom_excerpt === null ? {} : { excerpt: post.custom_excerpt }),
    category: post.category,
    ...(post.tags.length === 0 ? {} : { tags: post.tags }),
    ...(post.status === 'draft' ? { draft: true } : {}),
    ...(post.content_format === 'html' ? { format: 'html' } : {}),
    ...(post.former_paths.length === 0 ? {} : { aliases: post.former_paths.map(asAddress).sort() }),
    ...(post.former_slugs.length === 0 ? {} : { former_slugs: post.former_slugs.toSorted() }),
  };
  return `---\n${stringify(frontMatter, { lineWidth: 0 })}---\n\n${post.content}\n`;
}
