import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The settings of the blog: one row. Images are apart, because the row is read with every page that is rendered. */
export class SiteSettings1764460000000 implements MigrationInterface {
  readonly name = 'SiteSettings1764460000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE site_image');
    await runner.query('DROP TABLE site');
  }
}

const UP = [
  `CREATE TABLE site (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    version integer NOT NULL DEFAULT 1,
    title text NOT NULL,
    description text NOT NULL,
    language text NOT NULL,
    time_zone text NOT NULL,
    posts_per_page integer NOT NULL CHECK (posts_per_page BETWEEN 1 AND 100),
    accent_color text NOT NULL CHECK (accent_color ~ '^#[0-9a-f]{6}$'),
    navigation json NOT NULL,
    footer text NOT NULL,
    registration text CHECK (registration IN ('open', 'closed')),
    icon text,
    logo text
  )`,
  `COMMENT ON COLUMN site.registration IS 'null until an administrator has chosen'`,
  `COMMENT ON COLUMN site.icon IS 'the name of a file in site_image'`,

  `CREATE TABLE site_image (
    name text PRIMARY KEY,
    type text NOT NULL,
    bytes bytea NOT NULL
  )`,

  `INSERT INTO site (title, description, language, time_zone, posts_per_page, accent_color, navigation, footer)
   VALUES ('My blog', '', 'en', 'UTC', 10, '#1f5fae', '[]', '')`,
];
