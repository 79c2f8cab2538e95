import { describe, expect, it } from '@jest/globals';
import { splitFrontMatter } from './split-front-matter.js';

describe('splitFrontMatter', () => {
  it.each([
    [
      'YAML',
      '---\ntitle: A\n---\n\nBody\n',
      { language: 'yaml', frontMatter: 'title: A\n', line: 2, body: 'Body' },
    ],
    [
      'CRLF',
      '---\r\ntitle: A\r\n---\r\n\r\nBody\r\n',
      { language: 'yaml', frontMatter: 'title: A\r\n', line: 2, body: 'Body' },
    ],
    [
      'YAML that ends with dots',
      '---\na: 1\n...\nBody',
      { language: 'yaml', frontMatter: 'a: 1\n', line: 2, body: 'Body' },
    ],
    ['TOML', '+++\na = 1\n+++\nBody', { language: 'toml', frontMatter: 'a = 1\n', line: 2, body: 'Body' }],
    [
      'JSON',
      '{\n  "a": "}",\n  "b": {}\n}\n\nBody\n',
      { language: 'json', frontMatter: '{\n  "a": "}",\n  "b": {}\n}', line: 1, body: 'Body' },
    ],
    [
      'fenced JSON',
      '---json\n{"a":1}\n---\nBody',
      { language: 'json', frontMatter: '{"a":1}\n', line: 2, body: 'Body' },
    ],
    [
      'nothing between the fences',
      '---\n---\nBody',
      { language: 'yaml', frontMatter: '', line: 2, body: 'Body' },
    ],
    ['no body', '---\na: 1\n---', { language: 'yaml', frontMatter: 'a: 1\n', line: 2, body: '' }],
  ])('parts %s', (_, text, parts) => expect(splitFrontMatter(text)).toEqual(parts));

  it.each(['# Title\n', '', 'a\n---\nb: 1\n---\n', '{% include x %}', '{{ title }}', '----\na\n----'])(
    'finds no front matter in %j',
    (text) => expect(splitFrontMatter(text)).toBeUndefined(),
  );

  it('keeps all empty lines of a body but one at its start and the last line end', () => {
    expect(splitFrontMatter('---\n---\n\n\n\nBody\n\n')?.body).toBe('\n\nBody\n');
  });

  it.each(['---\ntitle: A\n', '+++\na = 1\n---\n', '{\n"a": 1\n'])('refuses %j, which never ends', (text) => {
    expect(() => splitFrontMatter(text)).toThrow('has front matter that never ends');
  });

  it('refuses front matter that is a program', () => {
    expect(() => splitFrontMatter('---js\n{}\n---\n')).toThrow(
      'has front matter in js, which is not executed',
    );
  });
});
