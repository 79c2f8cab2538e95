import type { SourceAuthor } from '../source.js';
import type { GhostData, GhostPost } from './ghost.schemas.js';

export interface GhostTag {
  readonly name: string;
  /** `#newsletter`: used by the theme, but never shown. */
  readonly isInternal: boolean;
}

interface Link {
  readonly post_id: string;
  readonly sort_order?: number | null | undefined;
}

/** The links of each post, in their order. */
function byPost<L extends Link>(links: readonly L[]): Map<string, L[]> {
  const groups = Map.groupBy(links, (link) => link.post_id);
  for (const group of groups.values()) group.sort((a, b) => (a.sort_order ?? 0) - (b.sort_order ?? 0));
  return groups;
}

/** Finds what belongs to a post. A Ghost export is a dump of tables. */
export class GhostIndex {
  private readonly authors: ReadonlyMap<string, SourceAuthor>;
  private readonly tags: ReadonlyMap<string, GhostTag>;
  private readonly authorLinks;
  private readonly tagLinks;
  private readonly metas;

  constructor(data: GhostData) {
    this.authors = new Map(
      data.users.map(({ id, slug, name }) => [
        id,
        { name: slug || name || `author-${id}`, displayName: name || slug || '' },
      ]),
    );
    this.tags = new Map(
      data.tags.map(({ id, name, visibility }) => [
        id,
        { name, isInternal: visibility === 'internal' || name.startsWith('#') },
      ]),
    );
    this.authorLinks = byPost(data.posts_authors);
    this.tagLinks = byPost(data.posts_tags);
    this.metas = new Map(data.posts_meta.map((meta) => [meta.post_id, meta]));
  }

  /** Exports since 2.0 link authors in a table, older ones in a column. */
  authorsOf(post: GhostPost): SourceAuthor[] {
    const linked = (this.authorLinks.get(post.id) ?? []).map((link) => link.author_id);
    const ids = linked.length > 0 ? linked : [post.author_id ?? ''];
    return ids.map((id) => this.authors.get(id)).filter((author) => author !== undefined);
  }

  tagsOf(post: GhostPost): GhostTag[] {
    const links = this.tagLinks.get(post.id) ?? [];
    return links.map((link) => this.tags.get(link.tag_id)).filter((tag) => tag !== undefined);
  }

  metaOf(post: GhostPost): Readonly<Record<string, unknown>> {
    return this.metas.get(post.id) ?? {};
  }
}
