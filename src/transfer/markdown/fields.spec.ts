import { describe, expect, it } from '@jest/globals';
import { Fields } from './fields.js';
import { parseFrontMatter } from './parse-front-matter.js';

describe('Fields', () => {
  it('reads texts, lists and flags of all three languages alike', () => {
    const [yaml, toml, json] = [
      parseFrontMatter('yaml', 'title: 12\ndraft: true\ntags: [a, "b "]\ndate: 2019-05-01T10:00:00Z', 1),
      parseFrontMatter(
        'toml',
        'title = 12\ndraft = true\ntags = ["a", "b "]\ndate = 2019-05-01T10:00:00Z',
        1,
      ),
      parseFrontMatter(
        'json',
        '{"title":12,"draft":true,"tags":["a","b "],"date":"2019-05-01T10:00:00Z"}',
        1,
      ),
    ].map((values) => {
      const fields = new Fields(values);
      return [
        fields.text('title'),
        fields.flag('draft'),
        fields.list('tags'),
        new Date(fields.text('date')!),
      ];
    });
    expect(yaml).toEqual(['12', true, ['a', 'b'], new Date('2019-05-01T10:00:00Z')]);
    expect(toml).toEqual(yaml);
    expect(json).toEqual(yaml);
  });

  it('takes a single value for a list of one, parts it where it is told to, and looks into lists of lists', () => {
    const fields = new Fields({ one: 'a b', nested: [['A', 'B'], 'C'] });
    expect(fields.list('one')).toEqual(['a b']);
    expect(fields.list('one', /\s+/)).toEqual(['a', 'b']);
    expect(fields.list('nested')).toEqual(['A', 'B', 'C']);
    expect(fields.list('none')).toEqual([]);
  });

  it.each([
    ['yes', true],
    ['Off', false],
    ['maybe', undefined],
    ['', undefined],
  ])('reads the flag %j as %j', (text, flag) => expect(new Fields({ draft: text }).flag('draft')).toBe(flag));

  it('falls back to defaults, and lists what nobody has read of the post’s own', () => {
    const fields = new Fields({ Title: 'A', image: 'x.png' }, { author: 'jane', layout: 'post' });
    expect(fields.text('title')).toBe('A');
    expect(fields.text('author')).toBe('jane');
    expect(fields.unread).toEqual(['image']);
  });
});
