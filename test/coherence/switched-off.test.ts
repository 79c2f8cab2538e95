import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase, query } from '../support/test-database.js';
import { epochSql } from './switched-off/epoch-sql.js';
import { withoutProtections } from './switched-off/node-options.js';
import { replaceGetter, replaceMethod } from './switched-off/replace.js';
import { CASES } from './switched-off/scenarios.js';
import type { ProtectionName } from './switched-off/protections.ts';

const run = promisify(execFile);

class Shop {
  private readonly sign: string = 'open';

  get isOpen(): boolean {
    return this.sign === 'open';
  }

  greet(name: string): string {
    return `Hello, ${name}`;
  }
}

const NAMES = Object.keys(CASES) as (keyof typeof CASES)[];
const start = (names: readonly ProtectionName[]): Promise<{ stdout: string }> =>
  run(process.execPath, [...withoutProtections(names), '--eval', 'console.log("started")']);

describe('a protection that is switched off', () => {
  it.each(NAMES)('is a method of the shipped build: %s', async (name) => {
    expect((await start([name])).stdout).toBe('started\n');
  });

  it('is known by its name', async () => {
    await expect(start(['no such' as ProtectionName])).rejects.toThrow('There is no protection "no such"');
  });
});

describe('epochSql', () => {
  it('is the query that the database has, unless a part is replaced', async () => {
    const database = await createTestDatabase();
    const [row] = await query<{ text: string }>(
      database.url,
      `SELECT prosrc AS text FROM pg_proc WHERE proname = 'history_epoch'`,
    ).finally(database.drop);
    const words = (text: string): string => text.replace(/\s+/g, ' ');
    expect(words(row!.text)).toContain(words(epochSql()));
    expect(words(row!.text)).not.toContain(words(epochSql({ isValid: 'true' })));
  });
});

describe('replaceMethod', () => {
  it('replaces a method by one that knows the old one', () => {
    replaceMethod<Shop, [string], string>(
      Shop.prototype,
      'greet',
      (greet) => (self, name) => `${greet(self, name)}!`,
    );
    expect(new Shop().greet('Ada')).toBe('Hello, Ada!');
  });

  it.each(['wave', 'isOpen', 'toString'])('throws when there is no such method: %s', (name) => {
    expect(() => replaceMethod(Shop.prototype, name, () => () => undefined)).toThrow(
      `Shop has no method "${name}" to replace`,
    );
  });
});

describe('replaceGetter', () => {
  it('replaces a getter', () => {
    replaceGetter(Shop.prototype, 'isOpen', () => false);
    expect(new Shop().isOpen).toBe(false);
  });

  it.each(['isClosed', 'greet'])('throws when there is no such getter: %s', (name) => {
    expect(() => replaceGetter(Shop.prototype, name, () => false)).toThrow(
      `Shop has no getter "${name}" to replace`,
    );
  });
});
