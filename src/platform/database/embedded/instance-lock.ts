import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

function read(file: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Instance;
  } catch {
    return undefined;
  }
}

/** The live owner of a data folder, or undefined when there is none or it died. */
export function findInstance(dataDir: string): Instance | undefined {
  const instance = read(fileOf(dataDir));
  return instance !== undefined && isAlive(instance) ? instance : undefined;
}

/** @returns a file beside the one that counts, complete */
function draftOf(dataDir: string, instance: Instance): string {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(instance), { mode: 0o600 });
  return draft;
}

/** In one step: who reads the file meanwhile finds the old record or the new one. */
const write = (dataDir: string, instance: Instance): void =>
  renameSync(draftOf(dataDir, instance), fileOf(dataDir));

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';

/** Takes the file by linking one that is complete: of two processes at once one finds the other's. */
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
    // Left by a process that died. Should two clear it away at once, PostgreSQL's own lock has the last word.
    rmSync(fileOf(dataDir), { force: true });
  }
}

export interface DataFolderLock {
  /** Tells commands where the database answers. */
  readonly publish: (databaseUrl: string) => void;
  readonly release: () => void;
}

/**
 * Takes a data folder for this process.
 * @throws when another live process has it
 */
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

/** Lets commands find the HTTP server of this process; without effect when the data folder is not this process's. */
export function publishHttpUrl(dataDir: string, httpUrl: string): void {
  const instance = findInstance(dataDir);
  if (instance?.pid === process.pid) write(dataDir, { ...instance, httpUrl });
}
