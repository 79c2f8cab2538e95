import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveUsername, usernameChoice } from './derive-username.js';

const USER_NAME = /^[a-z][a-z0-9_-]{2,29}$/;

describe('deriveUsername', () => {
  it.each([
    ['jane', 'jane'],
    ['jane_', 'jane_'],
    ['Jane Doe', 'jane-doe'],
    ['Zoë Müller', 'zoe-muller'],
    ['김철수', 'gimcheolsu'],
    ['Bo', 'bo-author'],
    ['42', 'author-42'],
    ['jane@example.com', 'jane-example-com'],
    ['—', 'author'],
    ['', 'author'],
    ['a'.repeat(50), 'a'.repeat(30)],
  ])('makes %j %j', (name, username) => expect(deriveUsername(name)).toBe(username));

  it('makes a username of anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.integer({ min: 1, max: 5_000 }),
        (name, choice) => USER_NAME.test(usernameChoice(deriveUsername(name), choice)),
      ),
    );
  });

  it('makes another name of every choice', () => {
    const choices = [1, 2, 3, 11].map((choice) => usernameChoice('a'.repeat(30), choice));
    expect(new Set(choices).size).toBe(4);
  });
});
