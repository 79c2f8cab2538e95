import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Idempotency keys for requests about another person's account, and for clients without an account. */
export class KeysOfAnyRequest1764410000000 implements MigrationInterface {
  readonly name = 'KeysOfAnyRequest1764410000000';

  async up(runner: QueryRunner): Promise<void> {
    // The account that the answer describes. Deleting the account deletes the stored answer.
    await runner.query(
      'ALTER TABLE idempotency_keys ADD COLUMN subject_id integer REFERENCES users ON DELETE CASCADE',
    );
    await runner.query(
      'CREATE INDEX idx_idempotency_keys_subject ON idempotency_keys (subject_id) WHERE subject_id IS NOT NULL',
    );
    // A registration is looked up before its user exists.
    await runner.query('CREATE INDEX idx_idempotency_keys_key ON idempotency_keys (key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX idx_idempotency_keys_key');
    await runner.query('ALTER TABLE idempotency_keys DROP COLUMN subject_id');
  }
}
