import { describe, expect, it } from '@jest/globals';
import { HttpAdapterHost } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ValidationFailed } from '../errors/validation-failed.js';
import { PasswordStrength } from './password-strength.js';

const strength = new PasswordStrength(new HttpAdapterHost());
const ADA = { username: 'lovelace', email: 'countess.byron@example.org', displayName: 'Ada King Noel' };

/** @returns the reason why the password is refused, or null */
async function refusalOf(password: string): Promise<string | null> {
  const error: unknown = await strength.assertStrong(password, ADA).catch((thrown: unknown) => thrown);
  if (error === undefined) return null;
  expect(error).toBeInstanceOf(ValidationFailed);
  const [detail, ...others] = (error as ValidationFailed).errors ?? [];
  expect([detail?.pointer, others]).toEqual(['/password', []]);
  return detail!.detail;
}

const COMMON = 'is one of the commonest passwords, or like one';
const OWN_NAME = 'is your own name or e-mail address, or like it';

describe('PasswordStrength', () => {
  it.each([
    'a quiet green kettle',
    'x7-Kq2.m',
    '비밀번호는길다길다',
    randomBytes(96).toString('base64'),
    `${'a'.repeat(32)}gentle copper walrus`,
  ])('lets %s pass', async (password) => expect(await refusalOf(password)).toBeNull());

  it.each([
    ...['password', '12345678', 'iloveyou', 'PassWord', 'trustno1', 'password1', 'football', 'P@ssw0rd'],
    ...['ｐａｓｓｗｏｒｄ', 'ｐａｓｓｗｏｒｄ１', 'ⓟⓐⓢⓢⓦⓞⓡⓓ'],
  ])('refuses the common password %s, however it is spelt', async (password) => {
    expect(await refusalOf(password)).toBe(COMMON);
  });

  it.each([
    ...['lovelace', 'LOVELACE', 'ｌｏｖｅｌａｃｅ', 'lovelace1', 'ecalevol'],
    ...['countess.byron@example.org', 'countess.byron', 'countess', 'Ada King Noel', 'adakingnoel'],
  ])('refuses %s, which whoever knows the person tries', async (password) => {
    expect(await refusalOf(password)).toBe(OWN_NAME);
  });

  it.each([' '.repeat(8), 'aaaaaaaa', 'ab'.repeat(64), '🫖'.repeat(8), 'x'.repeat(128)])(
    'refuses "%s", which repeats itself',
    async (password) => expect(await refusalOf(password)).toBe('repeats itself'),
  );

  it.each(['abcdefgh', 'qwertyuiop[]', '19871224', 'lovelacelovelace', 'inkwell1'])(
    'refuses the trivial %s',
    async (password) => expect(await refusalOf(password)).toEqual(expect.any(String)),
  );

  it('looks at so little of the longest passwords that it costs no more than 40 ms of CPU', async () => {
    await refusalOf('a quiet green kettle');
    // Estimated as a whole, each of these takes a third of a second.
    const hard = [
      randomBytes(64).toString('hex'),
      'p@$$w0rd4'.repeat(14),
      '0123456789'.repeat(12),
      '🫖'.repeat(128),
    ];
    for (const password of hard) {
      const costs: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const before = process.cpuUsage();
        await refusalOf(password);
        const { user, system } = process.cpuUsage(before);
        costs.push((user + system) / 1000);
      }
      expect(Math.min(...costs)).toBeLessThan(40);
    }
  });

  it('estimates one piece in a turn of the event loop', async () => {
    let areLeft = true;
    const all = Promise.all(Array.from({ length: 20 }, () => refusalOf('a quiet green kettle')));
    void all.then(() => (areLeft = false));
    let turns = 0;
    for (; areLeft; turns += 1) await nextTurn();
    expect(turns).toBeGreaterThanOrEqual(20);
  });
});
