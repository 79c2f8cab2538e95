import { beforeAll, describe, expect, it } from '@jest/globals';
import { Config } from '../../config.js';
import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher(Config.from({}));
beforeAll(() => hasher.onModuleInit());

describe('PasswordHasher', () => {
  it('hashes with argon2id, 19 MiB, 2 passes, 1 lane', async () => {
    expect(await hasher.hash('a quiet green kettle', 'here')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('knows the password again, and no other', async () => {
    const passwordHash = await hasher.hash('a quiet green kettle', 'here');
    expect(await hasher.matches(passwordHash, 'a quiet green kettle', 'here')).toBe(true);
    expect(await hasher.matches(passwordHash, 'a quiet green kettlE', 'here')).toBe(false);
  });

  it('knows a password again that another system composed differently', async () => {
    const passwordHash = await hasher.hash('caf\u00e9 au lait', 'here');
    expect(await hasher.matches(passwordHash, 'cafe\u0301 au lait', 'here')).toBe(true);
  });

  it('matches nothing where there is no hash, after real work', async () => {
    const startedAt = performance.now();
    expect(await hasher.matches(null, 'a quiet green kettle', 'here')).toBe(false);
    expect(performance.now() - startedAt).toBeGreaterThan(2);
  });

  it('refuses with 503 what would wait too long, and answers the rest', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 150 }, () => hasher.matches(null, 'a quiet green kettle', 'here')),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(150);
    expect(refused.every(({ reason }) => (reason as { status?: number }).status === 503)).toBe(true);
    expect(hasher.queueDepth).toBe(0);
  });
});
