import { readFileSync } from 'node:fs';

/** The unit of times in /proc: USER_HZ, 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** Fields of /proc/<pid>/stat after the name, which may hold spaces and parentheses: proc(5) numbers them from 3. */
function statOf(pid: number | 'self'): (field: number) => number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (field) => Number(fields[field - 3]);
}

/** Seconds of CPU a process has used, in user and kernel mode, in all of its threads. */
export function cpuSecondsOf(pid: number): number {
  const field = statOf(pid);
  return (field(14) + field(15)) / TICKS_PER_SECOND;
}

/** Seconds of CPU that the ended children of this process have used. */
export function cpuSecondsOfEndedChildren(): number {
  const field = statOf('self');
  return (field(16) + field(17)) / TICKS_PER_SECOND;
}
