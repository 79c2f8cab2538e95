import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last answer of each process to an administrator who watches the caches. Nothing is lost when a crash empties it. */
export class CacheSamples1764480000000 implements MigrationInterface {
  readonly name = 'CacheSamples1764480000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE cache_samples (
        replica uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        samples jsonb NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cache_samples');
  }
}
