import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** How a post must stand in the database after the import. */
export interface ExpectedPost {
  readonly title: string;
  readonly slug: string;
  readonly author: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly status: 'draft' | 'published';
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly paths: readonly string[];
  /** The content must hold it. */
  readonly text: string;
}

export interface GeneratedBlog {
  /** What to import. */
  readonly path: string;
  readonly posts: readonly ExpectedPost[];
  /** Things that are no posts, by the reason the report gives. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly remove: () => void;
}

/** A folder of its own in the temporary folder of this machine. */
export class BlogFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'inkwell-blog-'));

  write(path: string, content: string | Buffer): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  readonly remove = (): void => rmSync(this.path, { recursive: true, force: true });
}
