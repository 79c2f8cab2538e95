import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Versions by name: of what is measured, and of the tools. */
export function versions(services: Readonly<Record<string, string>>): Record<string, string> {
  return {
    Inkwell: commit(),
    Node: process.versions.node,
    Nest: versionOf('@nestjs/core'),
    Fastify: versionOf('fastify'),
    ...services,
    CPU: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  };
}

/** The commit, and whether the files still match it. */
function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' and changes');
  } catch {
    return 'not from a repository';
  }
}

function versionOf(name: string): string {
  const manifest = readFileSync(`node_modules/${name}/package.json`, 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
