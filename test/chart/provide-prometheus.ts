import { spawnSync } from 'node:child_process';

const HOW_TO_GET_IT =
  'The tests of alerts and dashboard need Prometheus: put prometheus and promtool on PATH (Debian: apt-get install prometheus)';

const isOnPath = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;

function installFromDebian(): void {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  // Its service must not start: the tests run a server of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = { stdio: 'ignore' as const, env };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'prometheus'], options);
}

/** The command to run. @throws in one line when it cannot be had */
export function providePrometheus(command: 'prometheus' | 'promtool'): string {
  if (!isOnPath(command)) installFromDebian();
  if (!isOnPath(command)) throw new Error(HOW_TO_GET_IT);
  return command;
}
