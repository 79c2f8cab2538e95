import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataFolder } from '../data-folder/make-data-folder.js';

const fileOf = (dataDir: string): string => join(dataDir, 'auth-secret');

/**
 * The signing key of a development instance. Created once, stored in the data folder, and readable by its owner only.
 */
export function developmentSecret(dataDir: string): string {
  makeDataFolder(dataDir);
  try {
    writeFileSync(fileOf(dataDir), randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(fileOf(dataDir), 'utf8');
}

/** The signing key if an instance has created it. */
export function findDevelopmentSecret(dataDir: string): string | undefined {
  try {
    return readFileSync(fileOf(dataDir), 'utf8');
  } catch {
    return undefined;
  }
}
