import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

/** The name that scripts/name-build.js writes during the build. */
function nameOfBuild(): string | undefined {
  try {
    return (createRequire(import.meta.url)('../../build-id.json') as { id: string }).id;
  } catch {
    return undefined;
  }
}

/**
 * Identifies this build by its content, so that builds do not use each other's entries in Redis. Without a name, when
 * tests run the sources for example, each process counts as a build of its own.
 */
export const buildId = nameOfBuild() ?? `unnamed-${randomUUID()}`;
