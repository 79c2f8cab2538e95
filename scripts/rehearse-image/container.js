import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const USER = 1000;

/** Makes everything except /tmp read-only, then runs the command as another user without capabilities. */
const CONFINE = `
mount --bind / / && mount -o remount,bind,ro / &&
mount -t tmpfs -o mode=1777 tmpfs /tmp &&
cd "$1" && shift &&
exec setpriv --reuid=${USER} --regid=${USER} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"`;

/** Is this possible on this machine? It is for root if root may create namespaces. */
export const canConfine = () =>
  process.getuid() === 0 &&
  spawnSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', 'mount --bind / /']).status === 0;

/**
 * A process as in a container: PID 1 of its own, another user, a read-only root. Without `confine`, an ordinary
 * process.
 */
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

  /** The kernel's status of the process, by name. */
  get status() {
    const lines = readFileSync(`/proc/${this.pid}/status`, 'utf8').split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/)));
  }

  get command() {
    return readFileSync(`/proc/${this.pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  }

  /**
   * Runs another command in the same way and place.
   * @param input its standard input
   * @returns its exit code
   */
  run(words, env, input = '') {
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
    const options = { cwd: this.workdir, env, input, stdio: ['pipe', 'ignore', 'ignore'] };
    return spawnSync(inside[0], inside.slice(1), options).status;
  }

  signal(name) {
    execFileSync('kill', ['-s', name, String(this.pid)]);
  }

  /** Ends it, whatever state it is in. */
  async end() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('KILL');
    await this.exit;
  }
}
