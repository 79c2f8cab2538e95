import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { counted } from '../transfer/counted.js';
import { Incomplete } from './incomplete.js';
import { startProgress } from './progress.js';
import { untilInterrupted } from './until-interrupted.js';
import { withApp } from './with-app.js';

const MORE = `
PATH is one of
  a folder of Markdown with front matter, as for Jekyll, Hugo, Eleventy and Astro, or an export of Inkwell; in a folder
  without a generator, Markdown without front matter is imported too, with its first heading as the title and the date
  of the file
  a WordPress export (Tools → Export → All content), an .xml file
  a Ghost export (Settings → Export), a .json file

The import keeps dates, slugs, categories, tags, drafts and authors, and old addresses redirect to the new ones. Authors
without an account get one without a password (inkwell user reset-password NAME). Dates without a time zone are in the
time zone of the blog's configuration, or else in UTC. Posts with a future date, private posts and posts for members
become drafts. HTML is sanitised. The report lists everything that could not be kept.

A second run adds new posts and changes nothing else. It recognises a post by the path of its file, or by its id in
WordPress or Ghost. If a post was edited in the source since, the report lists it, and the post here stays unchanged.

Exit codes: 0 every post was imported, 1 the import failed, or some posts were broken and skipped, 2 wrong use.`;

interface Options {
  readonly author?: string;
  readonly dryRun?: true;
  readonly notify?: true;
  readonly report?: string;
  readonly source?: string;
}

async function importBlog(path: string, options: Options): Promise<void> {
  const isDryRun = options.dryRun === true;
  const { openSource } = await import('../transfer/open-source.js');
  const source = openSource(path, options.source);
  const { ImportService } = await import('../transfer/import.service.js');
  const { report, isAborted } = await withApp((app) =>
    untilInterrupted(async (signal) => {
      const progress = startProgress(source.size);
      const result = await app
        .get(ImportService)
        .run(source, {
          author: options.author,
          isDryRun,
          shouldNotify: options.notify === true,
          signal,
          onProgress: (position, { imported }) => progress.update(position, counted(imported, 'post')),
        })
        .finally(() => progress.stop());
      return { report: result, isAborted: signal.aborted };
    }),
  );
  const { reportText } = await import('../transfer/report-text.js');
  process.stdout.write(reportText(report, isDryRun));
  if (options.report !== undefined)
    await writeFile(options.report, `${JSON.stringify(report, undefined, 2)}\n`);
  if (isAborted) throw new Incomplete('Interrupted: imported posts stay; run the command again to continue');
  const broken = report.count('broken');
  if (broken > 0) throw new Incomplete(`${counted(broken, 'broken post')} skipped, see above`);
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('import a blog from Markdown with front matter, WordPress or Ghost')
    .argument('<path>', 'a folder or a file')
    .option(
      '--author <name>',
      'author of posts that name none (default: the author of the blog, or else blogger)',
    )
    .option('--dry-run', 'read and report, but write nothing')
    .option('--notify', 'notify webhooks of every imported post and account')
    .option('--report <file>', 'write the full report to a file as JSON')
    .option(
      '--source <name>',
      'name of a second folder with the same file names as the first, to tell the two apart',
    )
    .addHelpText('after', MORE)
    .action(importBlog);
}
