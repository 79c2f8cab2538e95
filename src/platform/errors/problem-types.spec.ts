import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { MAX_DETAIL_LENGTH, Problem } from './problem.js';
import { problemDocument } from './problem-document.js';
import { PROBLEM_TYPES } from './problem-types.js';

const read = (path: string): string => readFileSync(path, 'utf8');

const sources = globSync('src/**/*.ts', {
  exclude: ['**/*.spec.ts', '**/*problem-types.ts', 'src/studio/client/**'],
}).map(read);
/** Codes that a Problem is created with. The compiler checks the others. */
const used = sources.flatMap((text) =>
  [...text.matchAll(/\bcode: '([a-z_]+\.[a-z0-9_]+)'/g)].map(([, code]) => code!),
);

const codes = Object.keys(PROBLEM_TYPES);

describe('PROBLEM_TYPES', () => {
  it('has every code that the source tells a client, in order, and no other', () => {
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter((code) => !codes.includes(code))).toEqual([]);
    const text = sources.join('\n');
    expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
    expect(codes).toEqual([...codes].sort());
  });

  it('is published in docs/problems.md', () => {
    const published = [...read('docs/problems.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code);
    expect(published).toEqual(codes);
  });
});

describe('a problem document', () => {
  it.each(Object.entries(PROBLEM_TYPES))(
    'of %s has the title of its code, and a type that leads to it',
    (code, type) => {
      const problem = new Problem({ code: code as keyof typeof PROBLEM_TYPES });
      expect(problemDocument(problem, '/somewhere', 'an-id')).toEqual({
        type: `/problems#${code}`,
        ...type,
        instance: '/somewhere',
        code,
        request_id: 'an-id',
      });
    },
  );

  it('sends back no more of a long request than can be read', () => {
    const { detail } = new Problem({ code: 'route.not_found', detail: 'x'.repeat(20_000) });
    expect(detail).toBe('x'.repeat(MAX_DETAIL_LENGTH));
  });
});
