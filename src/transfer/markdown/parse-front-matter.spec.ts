import { describe, expect, it } from '@jest/globals';
import { BrokenPost } from '../remarks.js';
import { parseFrontMatter } from './parse-front-matter.js';
import type { FrontMatterLanguage } from './split-front-matter.js';

const refusal = (language: FrontMatterLanguage, source: string): string => {
  try {
    return JSON.stringify(parseFrontMatter(language, source, 2));
  } catch (error) {
    if (!(error instanceof BrokenPost)) throw error;
    return `${error.what}, line ${error.options.line}: ${error.options.detail}`;
  }
};

describe('parseFrontMatter', () => {
  it('keeps scalars of YAML as they were written', () => {
    const source =
      'title: 1.10\ndraft: yes\nnothing:\nnull: ~\nquoted: "null"\ndate: 2019-05-01 10:00\nlist: [2019, no]\n';
    expect(parseFrontMatter('yaml', source, 2)).toEqual({
      title: '1.10',
      draft: 'yes',
      nothing: null,
      '': null,
      quoted: 'null',
      date: '2019-05-01 10:00',
      list: ['2019', 'no'],
    });
  });

  it('follows anchors, and takes the last of two members with one name, as Jekyll does', () => {
    expect(parseFrontMatter('yaml', 'a: &x [1]\nb: *x\nb: 2\n', 2)).toEqual({ a: ['1'], b: '2' });
  });

  it('takes nothing for an empty mapping', () => {
    expect(parseFrontMatter('yaml', '\n', 2)).toEqual({});
  });

  it.each([
    ['yaml', 'title: ok\ntags: [a\n', /^has broken YAML, line [34]: Flow sequence/],
    ['yaml', 'title: A: B\n', /^has broken YAML, line 2: Nested mappings are not allowed/],
    ['yaml', 'title: "A\n', /^has broken YAML, line [23]: Missing closing "quote/],
    ['yaml', '- a\n', /^has front matter that is not a mapping, line 2/],
    ['toml', 'title = "a"\ndraft = maybe\n', /^has broken TOML, line 3: /],
    ['json', '{\n"a": 1,\n}', /^has broken JSON, line 4: /],
  ] as const)('names the line of what is broken in %s %j', (language, source, refused) => {
    expect(refusal(language, source)).toMatch(refused);
  });

  it('is not blown up by a few lines of aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`,
    );
    expect(refusal('yaml', `a0: &a0 [x]\n${levels.join('\n')}\n`)).toMatch(
      /^has broken YAML, line 2: Excessive alias count/,
    );
  });
});
