import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExportedPost } from '../../blog/posts.service.js';
import { formerPath } from '../../platform/slugs/former-path.js';
import { Fields } from './fields.js';
import { readInkwellFile } from './inkwell-file.js';
import { parseFrontMatter } from './parse-front-matter.js';
import { splitFrontMatter } from './split-front-matter.js';
import { writeInkwellFile } from './write-inkwell-file.js';

/** As the API accepts them: trimmed, with a visible character, and without NUL. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .map((given) => `x${given.replaceAll('\0', '')}y`)
  .filter((given) => given.isWellFormed());
const path = text
  .map((given) => formerPath(`/${encodeURIComponent(given)}`))
  .filter((given) => given !== undefined);
const date = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

const post: fc.Arbitrary<ExportedPost> = fc.record({
  id: fc.nat(),
  slug: fc.constantFrom('hello', 'true', 'null', '1e3', '0x1f', '2019-05-01', 'no', 'post-1'),
  title: text,
  content: fc.oneof(text, fc.constantFrom('---\na: 1\n---\n', '\n\nx\n\n', 'a\r\nb\r\n', '\uFEFFx', '+++\n')),
  content_format: fc.constantFrom('markdown', 'html'),
  custom_excerpt: fc.option(text),
  author: fc.constantFrom('jane', null),
  category: text,
  tags: fc.uniqueArray(text, { maxLength: 4 }),
  status: fc.constantFrom('draft', 'published'),
  created_at: date,
  updated_at: date,
  former_slugs: fc.constantFrom([], ['old', 'older']),
  former_paths: fc.uniqueArray(path, { maxLength: 3 }),
});

function readBack(file: string): ReturnType<typeof readInkwellFile> {
  const split = splitFrontMatter(file)!;
  const fields = new Fields(parseFrontMatter(split.language, split.frontMatter, split.line));
  return readInkwellFile({ path: 'a.md', fields, body: split.body, text: file });
}

describe('a file of an export', () => {
  it('brings every post back as it was', () => {
    fc.assert(
      fc.property(post, (original) => {
        const read = readBack(writeInkwellFile(original, ''));
        expect({
          title: read.title,
          slug: read.slug,
          content: read.content,
          content_format: read.contentFormat,
          custom_excerpt: read.excerpt ?? null,
          author: read.author === null ? null : read.author?.name,
          category: read.category,
          tags: read.tags,
          status: read.status,
          created_at: read.createdAt,
          updated_at: read.updatedAt,
        }).toEqual({
          title: original.title,
          slug: original.slug,
          content: original.content,
          content_format: original.content_format,
          custom_excerpt: original.custom_excerpt,
          author: original.author,
          category: original.category,
          tags: original.tags,
          status: original.status,
          created_at: original.created_at,
          updated_at: original.updated_at,
        });
        expect(new Set(read.formerAddresses.map(formerPath))).toEqual(new Set(original.former_paths));
        expect(read.formerSlugs).toEqual(original.former_slugs);
      }),
    );
  });

  it('refuses a file whose date somebody has spoilt', () => {
    expect(() =>
      readBack('---\ninkwell: "1"\ntitle: A\nslug: a\ndate: soon\nupdated: soon\n---\n\nx\n'),
    ).toThrow('has no valid date');
  });

  it('refuses a file of a later version, whose members it does not know', () => {
    const later = '---\ninkwell: "2"\ntitle: A\nslug: a\ndate: 2020-01-01\nupdated: 2020-01-01\n---\n\nx\n';
    expect(() => readBack(later)).toThrow('was exported by a later version of Inkwell');
  });
});
