import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Private changes of published posts, deleted posts for the time that they can be restored, and links to drafts. */
export class DraftsTrashAndPreviews1764450000000 implements MigrationInterface {
  readonly name = 'DraftsTrashAndPreviews1764450000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['preview_links', 'trashed_posts', 'working_copies'])
      await runner.query(`DROP TABLE ${table}`);
  }
}

const UP = [
  // The text of a post as its author is changing it. base_version and base_tag name the state of the post that the
  // changes began with. The text goes with the account of the post's author.
  `CREATE TABLE working_copies (
    post_id integer PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    author_id integer REFERENCES users ON DELETE CASCADE,
    text jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    base_version integer NOT NULL,
    base_tag text NOT NULL,
    saved_by integer NOT NULL,
    saved_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX idx_working_copies_author ON working_copies (author_id)`,

  // A deleted post leaves the table of posts, so no query can show it by mistake. The row keeps everything that the
  // deletion removes: the post, its working copy, and what led to it. See blog/post-trash.service.ts.
  `CREATE TABLE trashed_posts (
    id integer PRIMARY KEY,
    author_id integer REFERENCES users ON DELETE CASCADE,
    category_name text NOT NULL,
    post jsonb NOT NULL,
    working_copy jsonb,
    former_slugs text[] NOT NULL,
    former_paths text[] NOT NULL,
    source_keys text[] NOT NULL,
    trashed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX idx_trashed_posts_author ON trashed_posts (author_id, trashed_at DESC)`,
  `CREATE INDEX idx_trashed_posts_age ON trashed_posts (trashed_at)`,

  // The token is derived from the nonce and AUTH_SECRET, so that its owner can see it again, but nobody who reads the
  // table. The hash finds the link. Deleting the post or the account of its author ends it.
  `CREATE TABLE preview_links (
    post_id integer PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    author_id integer REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    nonce bytea NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX idx_preview_links_author ON preview_links (author_id)`,
];
