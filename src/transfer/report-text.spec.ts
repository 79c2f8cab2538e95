import { describe, expect, it } from '@jest/globals';
import { ImportReport } from './import-report.js';
import { reportText } from './report-text.js';

const report = (): ImportReport => {
  const made = new ImportReport('Jekyll blog');
  made.countImported('published');
  made.countImported('draft');
  made.unchanged = 3;
  made.authors.push({ name: 'Jane Doe', username: 'jane-doe', isNew: true });
  made.remarks.push({
    kind: 'broken',
    what: 'has broken YAML',
    place: '_posts/a.md:3',
    detail: 'Missing\n closing "quote',
  });
  for (let n = 1; n <= 5; n += 1)
    made.remarks.push({ kind: 'left out', what: 'page', place: `page-${n}.md` });
  return made;
};

describe('reportText', () => {
  it('sums up first, names every broken post, and gives examples of the rest', () => {
    expect(reportText(report(), false))
      .toBe(`Jekyll blog: 2 posts imported (1 draft), 3 unchanged, 1 broken, 5 left out

Authors
  Jane Doe → jane-doe (new, without a password)

Broken: posts that were skipped
  1 × has broken YAML
    _posts/a.md:3  Missing closing "quote

Left out: not posts
  5 × page
    page-1.md
    page-2.md
    page-3.md
    and 2 more
`);
  });

  it('promises nothing but a report in a dry run', () => {
    expect(reportText(report(), true)).toContain('2 posts would be imported');
  });
});
