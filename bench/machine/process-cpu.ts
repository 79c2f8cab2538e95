import { readFileSync } from 'node:fs';

/** The unit of times in /proc: USER_HZ, 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/**
 * The fields of /proc/<pid>/stat after the name, which may contain spaces and parentheses. proc(5) numbers them from 3.
 */
function statOf(pid: number | 'self'): (field: number) => number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (field) => Number(fields[field - 3]);
}

/** CPU seconds of a process, in user and kernel mode, for all of its threads. */
export function cpuSecondsOf(pid: number): number {
  const field = statOf(pid);
  return (field(14) + field(15)) / TICKS_PER_SECOND;
}

/** CPU seconds of the ended children of this process. */
export function cpuSecondsOfEndedChildren(): number {
  const field = statOf('self');
  return (field(16) + field(17)) / TICKS_PER_SECOND;
}
