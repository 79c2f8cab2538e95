/** What an import has to tell about one thing in the source. The report groups remarks by `kind` and `what`. */
export interface Remark {
  /**
   * `broken`: a post that did not come in, because it cannot be read or kept. `left out`: no post, so it was not asked
   * for. `not kept`: a part of a post that has no place here. `changed`: kept, but not as it was. `differs`: imported
   * before, and edited in the source since; the post here was left alone.
   */
  readonly kind: 'broken' | 'left out' | 'not kept' | 'changed' | 'differs';
  /** The same words for every occurrence: `custom field "price"`. */
  readonly what: string;
  /** Where it stands: `_posts/2019-05-01-hello.md:12`. */
  readonly place: string;
  /** This occurrence's own: the title before it was cut, the address that cannot be kept. */
  readonly detail?: string;
}

export interface SourceAuthor {
  /** What tells this author from others in the source: a login, a slug, or the name itself. */
  readonly name: string;
  readonly displayName: string;
}

/** A post as its source has it: nothing is fitted to Inkwell's limits yet. */
export interface SourcePost {
  /** Names the post for good: an import that meets the key again leaves the post alone. */
  readonly key: string;
  /** The post as its source writes it: tells whether it was edited there between two imports. */
  readonly written: string;
  /** It left this or another Inkwell by `export`: slug and date tell whether it is still there. */
  readonly isExportOfOurs?: boolean;
  readonly place: string;
  readonly title: string;
  /** What the address of the post was made of, or the title when there was no address. */
  readonly slug: string;
  readonly content: string;
  readonly contentFormat: 'markdown' | 'html';
  /** undefined: the source names none; null: there was one, who is gone. */
  readonly author: SourceAuthor | null | undefined;
  readonly category: string | undefined;
  readonly tags: readonly string[];
  readonly status: 'draft' | 'published';
  readonly createdAt: Date;
  readonly updatedAt: Date | undefined;
  /** Paths, or whole addresses, that led to the post. */
  readonly formerAddresses: readonly string[];
  /** Of an export of ours: slugs the post had here. */
  readonly formerSlugs?: readonly string[];
}

/** One thing of the source: a post with the remarks about it, or only a remark on why there is none. */
export interface SourceItem {
  /** How far the source has been read, in the unit of `Source.size`. */
  readonly position: number;
  readonly post?: SourcePost;
  readonly remarks: readonly Remark[];
}

/** A blog kept somewhere else, opened for reading. */
export interface Source {
  /** `Jekyll blog`, `WordPress export`, … */
  readonly format: string;
  /** Whose posts those are that name no author, if the source says. */
  readonly defaultAuthor: string | undefined;
  /** Files, bytes or posts: what `SourceItem.position` counts up to. */
  readonly size: number;
  items(): AsyncIterable<SourceItem>;
}

/** PATH holds nothing that can be imported; the message is one line and says why. */
export class UnreadableSource extends Error {}
