import { describe, expect, it } from '@jest/globals';
import { withoutSecrets } from './without-secrets.js';

describe('withoutSecrets', () => {
  it.each([
    [
      'connect postgres://ink:s3cr3t@db:5432/ink failed',
      'connect postgres://ink:[hidden]@db:5432/ink failed',
    ],
    ['redis://:s3cr3t@cache', 'redis://:[hidden]@cache'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [hidden]'],
    ['token eyJhbGciOi.eyJzdWIi.sig_nature is old', 'token [hidden] is old'],
    ['Key (email)=(ada@example.org) exists', 'Key (email)=([hidden]) exists'],
  ])('hides the secret in %j', (text, hidden) => {
    expect(withoutSecrets(text)).toBe(hidden);
  });

  it('leaves addresses without a password as they are', () => {
    expect(withoutSecrets('http://localhost:3000/blog/')).toBe('http://localhost:3000/blog/');
  });
});
