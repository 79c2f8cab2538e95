import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataFolder } from './make-data-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('makeDataFolder', () => {
  it('makes what is missing, and leaves what is there', () => {
    const path = join(folder, 'a', 'b');
    makeDataFolder(path);
    makeDataFolder(path);
    expect(existsSync(path)).toBe(true);
  });

  it('names DATA_DIR where nothing can be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'data');
    expect(() => makeDataFolder(path)).toThrow(
      `Inkwell cannot write to its data folder ${path} (ENOTDIR): set DATA_DIR to a folder that this user can write to`,
    );
  });
});
