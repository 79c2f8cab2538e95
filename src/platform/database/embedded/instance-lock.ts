import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The owner of a data folder, and the address of its database. Commands read it to join a running instance. */
export interface Instance {
  readonly pid: number;
  /** Tells the process from a later one with the same pid. */
  readonly startedAt: string;
  readonly databaseUrl?: string;
  /** Where the instance serves HTTP, once it listens. */
  readonly httpUrl?: string;
}

const fileOf = (dataDir: string): string => join(dataDir, 'instance.json');

/**
 * The start time of a process in clock ticks since boot (proc(5), field 22 of stat). Empty on systems without /proc.
 */
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

function read(file: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Instance;
  } catch {
    return undefined;
  }
}

/** The live owner of a data folder. Undefined if there is none, or if it has died. */
export function findInstance(dataDir: string): Instance | undefined {
  const instance = read(fileOf(dataDir));
  return instance !== undefined && isAlive(instance) ? instance : undefined;
}

/** @returns a complete file next to the real one */
function draftOf(dataDir: string, instance: Instance): string {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(instance), { mode: 0o600 });
  return draft;
}

/** Replaces the file in one step, so that readers find either the old record or the new one. */
const write = (dataDir: string, instance: Instance): void =>
  renameSync(draftOf(dataDir, instance), fileOf(dataDir));

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';

/** Takes the lock by linking a complete file. If two processes try at once, one of them finds the other's file. */
function take(dataDir: string, draft: string): void {
  for (;;) {
    try {
      linkSync(draft, fileOf(dataDir));
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
    const owner = findInstance(dataDir);
    if (owner !== undefined) {
      throw new Error(
        `${dataDir} is in use by process ${owner.pid}: stop it, or set DATA_DIR to another folder`,
      );
    }
    // Removes the file of a dead process. If two processes do so at once, PostgreSQL's own lock decides.
    rmSync(fileOf(dataDir), { force: true });
  }
}

export interface DataFolderLock {
  /** Tells commands the address of the database. */
  readonly publish: (databaseUrl: string) => void;
  readonly release: () => void;
}

/** Locks a data folder for this process. @throws if another live process has locked it */
export function lockDataFolder(dataDir: string): DataFolderLock {
  const self: Instance = { pid: process.pid, startedAt: startOf(process.pid) };
  const draft = draftOf(dataDir, self);
  try {
    take(dataDir, draft);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    publish: (databaseUrl) => write(dataDir, { ...self, databaseUrl }),
    release: () => {
      if (read(fileOf(dataDir))?.pid === process.pid) rmSync(fileOf(dataDir), { force: true });
    },
  };
}

/** Lets commands find the HTTP server of this process. Does nothing if another process owns the data folder. */
export function publishHttpUrl(dataDir: string, httpUrl: string): void {
  const instance = findInstance(dataDir);
  if (instance?.pid === process.pid) write(dataDir, { ...instance, httpUrl });
}
