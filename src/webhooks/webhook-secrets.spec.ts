import { describe, expect, it } from '@jest/globals';
import { Config } from '../config.js';
import { keyOfSecret, newSecret, SecretUnreadable, WebhookSecrets } from './webhook-secrets.js';

const [older, newer] = ['an older secret of more than 32 bytes', 'a newer secret of more than 32 bytes'];
const under = (AUTH_SECRET: string): WebhookSecrets => new WebhookSecrets(Config.from({ AUTH_SECRET }));

describe('newSecret', () => {
  it('is 32 bytes, each time others', () => {
    expect(keyOfSecret(newSecret())).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });
});

describe('WebhookSecrets', () => {
  it('reads what it encrypted, and encrypts the same thing differently each time', () => {
    const [secret, secrets] = [newSecret(), under(older)];
    const kept = secrets.encrypt(secret);
    expect(secrets.decrypt(kept)).toBe(secret);
    expect(secrets.encrypt(secret)).not.toBe(kept);
    expect(secrets.isCurrent(kept)).toBe(true);
  });

  it('reads what was encrypted before the key was changed, and knows that it is not current', () => {
    const [secret, kept] = ['whsec_x', under(older).encrypt('whsec_x')];
    const both = under(`${newer},${older}`);
    expect(both.decrypt(kept)).toBe(secret);
    expect(both.isCurrent(kept)).toBe(false);
  });

  it('says that it cannot read what was encrypted with a key that is gone', () => {
    expect(() => under(newer).decrypt(under(older).encrypt('whsec_x'))).toThrow(SecretUnreadable);
  });

  it('refuses what was changed', () => {
    const kept = under(older).encrypt('whsec_x');
    const changed = kept.slice(0, -2) + (kept.endsWith('AA') ? 'BB' : 'AA');
    expect(() => under(older).decrypt(changed)).toThrow('unable to authenticate');
  });
});
