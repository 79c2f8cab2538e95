import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';

const readme = readFileSync('README.md', 'utf8');
const linked = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target!);

describe('README.md', () => {
  it('leads to every page of docs/, and nowhere that does not exist', () => {
    expect(linked).toEqual(expect.arrayContaining(globSync('docs/*.md')));
    expect(linked.filter((target) => !target.startsWith('http') && !existsSync(target))).toEqual([]);
  });

  it('names only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('says how to become an administrator', () => {
    expect(readme).toContain('npm run inkwell -- user promote ada');
  });
});
