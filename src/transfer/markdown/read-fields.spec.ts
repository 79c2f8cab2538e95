import { describe, expect, it } from '@jest/globals';
import { Fields } from './fields.js';
import { readExcerpt } from './read-fields.js';

describe('readExcerpt', () => {
  it.each([
    [{ excerpt: 'By hand', summary: 'S', description: 'D' }, 'By hand'],
    [{ excerpt: ' ', summary: 'S', description: 'D' }, 'S'],
    [{ excerpt: true, Description: 'Of two\n  lines\n' }, 'Of two lines'],
    [{ title: 'T' }, undefined],
  ])('reads the first text about the post in %j', (values, excerpt) => {
    expect(readExcerpt(new Fields(values))).toBe(excerpt);
  });

  it('counts all of them as read', () => {
    const fields = new Fields({ excerpt: 'E', summary: 'S', description: 'D', layout: 'post' });
    readExcerpt(fields);
    expect(fields.unread).toEqual(['layout']);
  });
});
