import { describe, expect, it } from '@jest/globals';
import { isReservedUserName, isUserName } from './user-name.js';

describe('isUserName', () => {
  it.each(['ada', 'ada_l', 'a-b', 'a00', `a${'b'.repeat(29)}`])('accepts %s', (name) =>
    expect(isUserName(name)).toBe(true),
  );

  it.each(['', 'ab', 'Ada', '1ada', '_ada', '-ada', 'ada l', 'ada.l', 'ädа', 'ada\n', `a${'b'.repeat(30)}`])(
    'refuses "%s"',
    (name) => expect(isUserName(name)).toBe(false),
  );
});

describe('isReservedUserName', () => {
  it.each(['admin', 'api', 'blog', 'root', 'system', 'deleted', 'support'])('reserves %s', (name) =>
    expect(isReservedUserName(name)).toBe(true),
  );

  it.each(['ada', 'adminton', 'root-vegetable', 'constructor'])('leaves %s to people', (name) =>
    expect(isReservedUserName(name)).toBe(false),
  );
});
