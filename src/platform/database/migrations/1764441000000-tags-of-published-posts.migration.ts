import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tags of published posts, one row each, so that a page of tags with their counts reads no other tags. Triggers keep
 * them, because the previous release writes posts during an upgrade too.
 */
export class TagsOfPublishedPosts1764441000000 implements MigrationInterface {
  readonly name = 'TagsOfPublishedPosts1764441000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER keep_tags_of_new_post ON posts');
    await runner.query('DROP TRIGGER keep_tags_of_changed_post ON posts');
    await runner.query('DROP FUNCTION keep_post_tags');
    await runner.query('DROP TABLE post_tags');
  }
}

const UP = [
  // Slugs are ASCII. In the order of bytes, the index serves prefixes and pages.
  `CREATE TABLE post_tags (
    post_id integer NOT NULL REFERENCES posts ON DELETE CASCADE,
    slug text COLLATE "C" NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (post_id, slug)
  )`,
  `INSERT INTO post_tags (post_id, slug, name)
   SELECT p.id, t.slug, t.name FROM posts p, unnest(p.tag_slugs, p.tags) AS t (slug, name) WHERE p.status = 'published'`,
  `CREATE INDEX idx_post_tags_slug ON post_tags (slug, post_id)`,

  `CREATE FUNCTION keep_post_tags() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' THEN
      DELETE FROM post_tags WHERE post_id = NEW.id;
    END IF;
    IF NEW.status = 'published' THEN
      INSERT INTO post_tags (post_id, slug, name)
      SELECT NEW.id, t.slug, t.name FROM unnest(NEW.tag_slugs, NEW.tags) AS t (slug, name);
    END IF;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER keep_tags_of_new_post AFTER INSERT ON posts FOR EACH ROW
   WHEN (NEW.status = 'published' AND NEW.tag_slugs <> '{}') EXECUTE FUNCTION keep_post_tags()`,
  `CREATE TRIGGER keep_tags_of_changed_post AFTER UPDATE ON posts FOR EACH ROW
   WHEN ((OLD.status, OLD.tags, OLD.tag_slugs) IS DISTINCT FROM (NEW.status, NEW.tags, NEW.tag_slugs))
   EXECUTE FUNCTION keep_post_tags()`,
];
