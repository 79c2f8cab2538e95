import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The excerpt that an author wrote. NULL means that `excerpt`, which is made from the text, is shown. That column stays
 * as it is, because the previous release knows no other.
 */
export class CustomExcerpts1764440000000 implements MigrationInterface {
  readonly name = 'CustomExcerpts1764440000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE posts ADD COLUMN custom_excerpt text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE posts DROP COLUMN custom_excerpt');
  }
}
