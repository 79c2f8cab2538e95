import { stringify } from 'yaml';
import type { ExportedPost } from '../../blog/posts.service.js';
import { EXPORT_MARK, EXPORT_VERSION, NOBODY } from './inkwell-file.js';

/** What a decoded path must keep encoded to be read as the same path. */
const asAddress = (path: string): string => path.replace(/[%?#\\\s\p{C}]/gu, encodeURIComponent);

/**
 * A post as a file that `readInkwellFile` reads back: YAML front matter, an empty line, the content as it was written,
 * a line end. Written twice, it is the same to the byte.
 * @param authorName shown name of the author; '' when there is none
 */
export function writeInkwellFile(post: ExportedPost, authorName: string): string {
  const frontMatter = {
    [EXPORT_MARK]: EXPORT_VERSION,
    title: post.title,
    slug: post.slug,
    date: post.created_at.toISOString(),
    updated: post.updated_at.toISOString(),
    author: post.author ?? NOBODY,
    ...(authorName === '' ? {} : { author_name: authorName }),
    category: post.category,
    ...(post.tags.length === 0 ? {} : { tags: post.tags }),
    ...(post.status === 'draft' ? { draft: true } : {}),
    ...(post.content_format === 'html' ? { format: 'html' } : {}),
    ...(post.former_paths.length === 0 ? {} : { aliases: post.former_paths.map(asAddress).sort() }),
    ...(post.former_slugs.length === 0 ? {} : { former_slugs: post.former_slugs.toSorted() }),
  };
  return `---\n${stringify(frontMatter, { lineWidth: 0 })}---\n\n${post.content}\n`;
}
