import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The networks that accounts have logged in from, so that another person's wrong guesses do not lock out the owner. */
export class KnownNetworks1764420000000 implements MigrationInterface {
  readonly name = 'KnownNetworks1764420000000';

  async up(runner: QueryRunner): Promise<void> {
    // A keyed hash, so that the table alone reveals no addresses.
    await runner.query(`CREATE TABLE known_networks (
      user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
      network bytea NOT NULL,
      seen_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, network)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_networks');
  }
}
