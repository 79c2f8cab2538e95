import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A former slug leads to its category, unless another category has the slug now. Slugs of a category that was merged lead to
 * the one that has its posts.
 */
export class FormerCategorySlugs1764481000000 implements MigrationInterface {
  readonly name = 'FormerCategorySlugs1764481000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE former_category_slugs (
        slug text PRIMARY KEY,
        category_id integer NOT NULL REFERENCES categories ON DELETE CASCADE
      )`);
    await runner.query(
      'CREATE INDEX idx_former_category_slugs_category ON former_category_slugs (category_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE former_category_slugs');
  }
}
