import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who owns a data folder, and where its database answers. Commands read it to join a running instance. */
export interface Instance {
  readonly pid: number;
  /** Tells the process from a later one with the same number. */
  readonly startedAt: string;
  readonly databaseUrl?: string;
  /** Where it serves HTTP, once it listens. */
  readonly httpUrl?: string;
}

const fileOf = (dataDir: string): string => join(dataDir, 'instance.json');

/** Start time of a process in clock ticks since boot (proc(5), field 22 of stat); empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, startedAt }: Instance): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === startedAt;
}

/** In one step: who reads the file meanwhile finds the old record or the new one. */
function write(dataDir: string, instance: Instance): void {
  const file = fileOf(dataDir);
  writeFileSync(`${file}.new`, JSON.stringify(instance), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The live owner of a data folder, or undefined when there is none or it died. */
export function findInstance(dataDir: string): Instance | undefined {
  try {
    const instance = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Instance;
    return isAlive(instance) ? instance : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes a data folder for this process.
 * @throws when another live process has it
 */
export function lockDataFolder(dataDir: string): {
  publish: (databaseUrl: string) => void;
  release: () => void;
} {
  const file = fileOf(dataDir);
  const owner = findInstance(dataDir);
  if (owner !== undefined) {
    throw new Error(
      `${dataDir} is in use by process ${owner.pid}: stop it, or set DATA_DIR to another folder`,
    );
  }
  rmSync(file, { force: true });
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (cause) {
    throw new Error(
      `${dataDir} is being taken by another process: stop it, or set DATA_DIR to another folder`,
      { cause },
    );
  }
  const self = { pid: process.pid, startedAt: startOf(process.pid) };
  write(dataDir, self);
  return {
    publish: (databaseUrl) => write(dataDir, { ...self, databaseUrl }),
    release: () => rmSync(file, { force: true }),
  };
}

/** Lets commands find the HTTP server of this process; without effect when the data folder is not this process's. */
export function publishHttpUrl(dataDir: string, httpUrl: string): void {
  const instance = findInstance(dataDir);
  if (instance?.pid === process.pid) write(dataDir, { ...instance, httpUrl });
}
