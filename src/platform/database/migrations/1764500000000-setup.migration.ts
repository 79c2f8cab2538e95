import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The open setup of an installation without an administrator. Its link is derived from `salt` and AUTH_SECRET. */
export class Setup1764500000000 implements MigrationInterface {
  readonly name = 'Setup1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE setup (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      salt uuid NOT NULL DEFAULT gen_random_uuid()
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE setup');
  }
}
