import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session of a browser has a cookie instead of refresh tokens. Only its hash is stored. */
export class BrowserSessions1764435000000 implements MigrationInterface {
  readonly name = 'BrowserSessions1764435000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions ADD COLUMN cookie_hash bytea`);
    await runner.query(
      `CREATE UNIQUE INDEX idx_sessions_cookie ON sessions (cookie_hash) WHERE cookie_hash IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions DROP COLUMN cookie_hash`);
  }
}
