import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerUser } from './server-user.js';

/**
 * Runs the server, and stops it by a fast shutdown when this process's end of the standard input pipe closes: on
 * stop(), or when this process is killed. The signal is repeated, because a server that is just starting may not handle
 * it. If the server ends first, so does the shell.
 */
const SUPERVISE = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
{ read -r _; while kill -INT "$server"; do sleep 0.2; done; } <&3 2>/dev/null & reader=$!
wait "$server"
status=$?
kill "$reader"
exit "$status"`;

export interface ServerLaunch {
  /** The path of the program. */
  readonly postgres: string;
  /** The folder of the cluster. */
  readonly folder: string;
  readonly port: number;
  /** By name, such as `fsync: 'off'` in tests. */
  readonly settings: Readonly<Record<string, string>>;
  /** The file for the server's output. */
  readonly log: string;
  /** Appends to the file, because its content tells why the previous server ended. */
  readonly isLogKept?: boolean;
  readonly user: ServerUser | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts the server, which listens on 127.0.0.1 only.
 * @returns its supervisor, which ends when its standard input closes
 */
export function launchServer(launch: ServerLaunch): ChildProcess {
  const { postgres, folder, port, user } = launch;
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...launch.settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(launch.log, launch.isLogKept === true ? 'a' : 'w', 0o600);
  const server = spawn(
    '/bin/sh',
    ['-c', SUPERVISE, 'sh', postgres, '-D', folder, '-p', String(port), ...flags],
    {
      // A separate process group: Ctrl-C in the terminal must reach Inkwell first.
      detached: true,
      cwd: '/',
      stdio: ['pipe', log, log],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', ...launch.environment },
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    },
  );
  closeSync(log);
  server.stdin?.on('error', () => undefined);
  server.unref();
  return server;
}
