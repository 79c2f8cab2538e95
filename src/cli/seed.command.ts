import type { Command } from 'commander';
import { counted } from '../transfer/counted.js';
import { Incomplete } from './incomplete.js';
import { startProgress } from './progress.js';
import { untilInterrupted } from './until-interrupted.js';
import { wholeNumber } from './whole-number.js';
import { withApp } from './with-app.js';

const MAX_USERS = 100_000;
const MAX_POSTS = 10_000_000;

async function seed({ users, posts }: { readonly users: number; readonly posts: number }): Promise<void> {
  const { SeedService } = await import('../transfer/seed.service.js');
  await withApp((app) =>
    untilInterrupted(async (signal) => {
      const progress = startProgress(posts);
      const onProgress = (position: number): void =>
        progress.update(position, `${position} of ${posts} posts`);
      const report = await app
        .get(SeedService)
        .run(users, posts, { signal, onProgress })
        .finally(() => progress.stop());
      process.stdout.write(
        `${counted(users, 'user')}; ${counted(report.imported, 'post')} created (${counted(report.drafts, 'draft')}), ${report.unchanged.toLocaleString('en-US')} existed already\n`,
      );
      if (signal.aborted) throw new Incomplete('Interrupted: run the command again to continue');
    }),
  );
}

export function addSeed(program: Command): void {
  program
    .command('seed')
    .description(
      'fill the database with synthetic users and posts, which are always the same; a second run adds what is missing',
    )
    .option(
      '--users <n>',
      'number of users, named writer-1 and so on, without passwords',
      wholeNumber(1, MAX_USERS),
      10,
    )
    .option(
      '--posts <n>',
      'number of posts, from 2019 to 2025, in English and Korean',
      wholeNumber(0, MAX_POSTS),
      1_000,
    )
    .action(seed);
}
