import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The expected state of a post in the database after the import. */
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
  /** The content must contain it. */
  readonly text: string;
}

export interface GeneratedBlog {
  /** The path to import. */
  readonly path: string;
  readonly posts: readonly ExpectedPost[];
  /** Items that are not posts, by the reason in the report. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly remove: () => void;
}

/** A folder in the temporary folder of this machine. */
export class BlogFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'inkwell-blog-'));

  write(path: string, content: string | Buffer): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  readonly remove = (): void => rmSync(this.path, { recursive: true, force: true });
}
