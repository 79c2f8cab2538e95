import type { Command } from 'commander';
import { counted } from '../transfer/counted.js';
import { Incomplete } from './incomplete.js';
import { startProgress } from './progress.js';
import { untilInterrupted } from './until-interrupted.js';
import { withApp } from './with-app.js';

async function exportBlog(path: string, options: { readonly force?: true }): Promise<void> {
  const { ExportService } = await import('../transfer/export.service.js');
  await withApp((app) =>
    untilInterrupted(async (signal) => {
      const progress = startProgress(0);
      const written = await app.get(ExportService).run(path, {
        isForced: options.force === true,
        signal,
        onProgress: (count) => progress.update(0, counted(count, 'post')),
      });
      process.stdout.write(`${counted(written, 'post')} written to ${path}\n`);
      if (signal.aborted) throw new Incomplete('Interrupted: the export is incomplete');
    }),
  );
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write all posts, including drafts, as Markdown with front matter; `import` reads them back')
    .argument('<path>', 'folder for one file per post, named by slug; created if missing')
    .option('--force', 'write into a folder that is not empty, and overwrite files of the same names')
    .action(exportBlog);
}
