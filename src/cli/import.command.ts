import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { counted } from '../transfer/counted.js';
import { Incomplete } from './incomplete.js';
import { startProgress } from './progress.js';
import { untilInterrupted } from './until-interrupted.js';
import { withApp } from './with-app.js';

const MORE = `
PATH is one of
  a folder of Markdown with front matter, as Jekyll, Hugo, Eleventy and Astro keep them, or an export of Inkwell
  a WordPress export (Tools → Export → All content), an .xml file
  a Ghost export (Settings → Export), a .json file

Dates, slugs, categories, tags, drafts and authors are kept, and old addresses lead to the new ones. Authors who have no
account get one without a password (inkwell user reset-password NAME). Dates without a time zone are in the blog's, if
its configuration names one, else in UTC. Posts of a future date, private ones and those for members become drafts.
HTML is kept without what could do harm. What cannot be kept is listed.

Running it again adds what is new and changes nothing else: a post is known by the path of its file, or its id in
WordPress or Ghost. One that has been edited there since is listed, and stays as it is here.

Exit codes: 0 every post is in, 1 it failed, or posts were skipped because they are broken (the others are in),
2 wrong use.`;

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
  if (isAborted)
    throw new Incomplete('Stopped in the middle: what was imported stays, run it again to go on');
  const broken = report.count('broken');
  if (broken > 0) throw new Incomplete(`${counted(broken, 'broken post')} skipped, see above`);
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('bring in a blog: Markdown with front matter, WordPress, Ghost')
    .argument('<path>', 'a folder or a file')
    .option(
      '--author <name>',
      'whose posts those are that name no author (default: as the blog says, else blogger)',
    )
    .option('--dry-run', 'read and report, write nothing')
    .option('--notify', 'tell webhooks of every post and account that comes in')
    .option('--report <file>', 'write the whole report into a file, as JSON')
    .option(
      '--source <name>',
      'for a second folder whose files have the names of the first: tells the two apart',
    )
    .addHelpText('after', MORE)
    .action(importBlog);
}
