/** A remark of an import about one thing in the source. The report groups remarks by `kind` and `what`. */
export interface Remark {
  /**
   * `broken`: a post that was not imported, because it cannot be read or stored. `left out`: not a post. `not kept`: a
   * part of a post that Inkwell has no place for. `changed`: kept, but changed. `differs`: imported before and edited
   * in the source since; the post here was not touched.
   */
  readonly kind: 'broken' | 'left out' | 'not kept' | 'changed' | 'differs';
  /** The same text for every occurrence: `custom field "price"`. */
  readonly what: string;
  /** Its place in the source: `_posts/2019-05-01-hello.md:12`. */
  readonly place: string;
  /** About this occurrence: the title before it was cut, or the address that cannot be kept. */
  readonly detail?: string;
}

export interface SourceAuthor {
  /** Identifies the author in the source: a login, a slug, or the name itself. */
  readonly name: string;
  readonly displayName: string;
}

/** A post as it is in its source, not yet fitted to Inkwell's limits. */
export interface SourcePost {
  /** Identifies the post for ever. A later import with the same key leaves the post alone. */
  readonly key: string;
  /** The text of the post in its source. It shows whether the post was edited there between two imports. */
  readonly written: string;
  /** True for an export of Inkwell. Slug and date then tell whether the post still exists here. */
  readonly isExportOfOurs?: boolean;
  readonly place: string;
  readonly title: string;
  /** The last part of the post's address, or its title if it had no address. */
  readonly slug: string;
  readonly content: string;
  readonly contentFormat: 'markdown' | 'html';
  /** The excerpt that the author wrote, as plain text. Undefined or empty if there is none. */
  readonly excerpt?: string | undefined;
  /** Undefined if the source names no author, null if the author was deleted there. */
  readonly author: SourceAuthor | null | undefined;
  readonly category: string | undefined;
  readonly tags: readonly string[];
  readonly status: 'draft' | 'published';
  readonly createdAt: Date;
  readonly updatedAt: Date | undefined;
  /** Paths or URLs that led to the post. */
  readonly formerAddresses: readonly string[];
  /** For an export of Inkwell: former slugs of the post. */
  readonly formerSlugs?: readonly string[];
}

/** One item of the source: a post with remarks, or only a remark why there is none. */
export interface SourceItem {
  /** How far the source has been read, in the unit of `Source.size`. */
  readonly position: number;
  readonly post?: SourcePost;
  readonly remarks: readonly Remark[];
}

/** A blog in another system, opened for reading. */
export interface Source {
  /** `Jekyll blog`, `WordPress export`, … */
  readonly format: string;
  /** The author of posts that name none, if the source has one. */
  readonly defaultAuthor: string | undefined;
  /** The total, in files, bytes or posts. `SourceItem.position` counts up to it. */
  readonly size: number;
  items(): AsyncIterable<SourceItem>;
}

/** PATH contains nothing to import. The message is one line with the reason. */
export class UnreadableSource extends Error {}
