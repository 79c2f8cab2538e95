import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileOf = (dataDir: string): string => join(dataDir, 'auth-secret');

/** The signing key of a development instance: made once, kept in the data folder, readable by its owner only. */
export function developmentSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(fileOf(dataDir), randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(fileOf(dataDir), 'utf8');
}

/** The same, when an instance has made it. */
export function findDevelopmentSecret(dataDir: string): string | undefined {
  try {
    return readFileSync(fileOf(dataDir), 'utf8');
  } catch {
    return undefined;
  }
}
