import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const USER = 1000;

/** Everything but /tmp becomes read-only, then the command runs as another user without any capability. */
const CONFINE = `
mount --bind / / && mount -o remount,bind,ro / &&
mount -t tmpfs -o mode=1777 tmpfs /tmp &&
cd "$1" && shift &&
exec setpriv --reuid=${USER} --regid=${USER} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"`;

/** Can this machine do it? Root can, where it may make namespaces. */
export const canConfine = () =>
  process.getuid() === 0 &&
  spawnSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', 'mount --bind / /']).status === 0;

/** A process as a container has it: PID 1 of its own, another user, a read-only root. Without `confine` just a process. */
export class Container {
  output = '';

  constructor(words, { workdir, env, confine }) {
    const confined = [
      '--mount',
      '--pid',
      '--fork',
      '--mount-proc',
      'sh',
      '-c',
      CONFINE,
      'sh',
      workdir,
      ...words,
    ];
    this.confine = confine;
    this.workdir = workdir;
    this.child = confine
      ? spawn('unshare', confined, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(words[0], words.slice(1), { cwd: workdir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.on('data', (chunk) => (this.output += chunk));
    this.child.stderr.on('data', (chunk) => (this.output += chunk));
    this.exit = once(this.child, 'close').then(([code]) => code);
  }

  /** Seen from outside. */
  get pid() {
    const { pid } = this.child;
    if (!this.confine) return pid;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  }

  /** What the kernel says of it, by name. */
  get status() {
    const lines = readFileSync(`/proc/${this.pid}/status`, 'utf8').split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/)));
  }

  get command() {
    return readFileSync(`/proc/${this.pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  }

  /** Runs one more command as it runs, where it runs. @returns its exit code */
  run(words, env) {
    const inside = this.confine
      ? [
          'nsenter',
          '--target',
          String(this.pid),
          '--mount',
          '--pid',
          `--wdns=${this.workdir}`,
          '--setuid',
          String(USER),
          '--setgid',
          String(USER),
          ...words,
        ]
      : words;
    return spawnSync(inside[0], inside.slice(1), { cwd: this.workdir, env, stdio: 'ignore' }).status;
  }

  signal(name) {
    execFileSync('kill', ['-s', name, String(this.pid)]);
  }

  /** Whatever has come of it. */
  async end() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('KILL');
    await this.exit;
  }
}
