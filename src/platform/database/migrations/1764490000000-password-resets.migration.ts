import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links with which people set a new password. An account has one at most, and only its hash is stored. */
export class PasswordResets1764490000000 implements MigrationInterface {
  readonly name = 'PasswordResets1764490000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE password_resets (
        user_id integer PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        token_hash bytea NOT NULL UNIQUE,
        expires_at timestamptz(3) NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE password_resets');
  }
}
