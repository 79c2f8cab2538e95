import { accessSync, constants, mkdirSync } from 'node:fs';

/**
 * Creates the data folder if it is missing.
 * @throws a one-line error that names DATA_DIR if the user may not write there
 */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(
      `Inkwell cannot write to its data folder ${path} (${code}): set DATA_DIR to a folder that this user can write to`,
      { cause },
    );
  }
}
