import { describe, expect, it } from '@jest/globals';
import { newPasswordSchema, presentedPasswordSchema } from './password.schemas.js';

const accepts = (password: string): boolean => newPasswordSchema.safeParse(password).success;

describe('newPasswordSchema', () => {
  it.each([
    'a quiet green kettle',
    'x7-Kq2.m',
    '비밀번호는길다길다',
    '🫖'.repeat(8),
    '🫖'.repeat(128),
    'ab'.repeat(64),
  ])('accepts %s', (password) => expect(accepts(password)).toBe(true));

  it.each(['', 'x7-Kq2.', '🫖'.repeat(7), 'x'.repeat(129), 'x'.repeat(300), '🫖'.repeat(129)])(
    'refuses the length of "%s"',
    (password) => expect(accepts(password)).toBe(false),
  );

  it('counts the characters after NFKC, which the hash is made of', () => {
    expect(accepts('\ufb03'.repeat(3))).toBe(true);
    expect(accepts('\ufdfa'.repeat(8))).toBe(false);
    expect(accepts('e\u0301'.repeat(4) + 'abc')).toBe(false);
  });

  it('says once that a password is too long', () => {
    const result = newPasswordSchema.safeParse('x'.repeat(1_000_000));
    expect(result.error?.issues.map((issue) => issue.message)).toEqual(['must have at most 128 characters']);
  });
});

describe('presentedPasswordSchema', () => {
  it('takes a common password, which is wrong but no bad request', () => {
    expect(presentedPasswordSchema.safeParse('password').success).toBe(true);
  });

  it('refuses 129 characters', () => {
    expect(presentedPasswordSchema.safeParse('x'.repeat(129)).success).toBe(false);
  });
});
