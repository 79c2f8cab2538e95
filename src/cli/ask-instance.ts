import type { Config } from '../config.js';
import { findInstance } from '../platform/database/embedded/instance-lock.js';
import { findDevelopmentSecret } from '../platform/secrets/development-secret.js';

const TIMEOUT_MS = 10_000;

/** The URL of the running instance whose database a command would use. Undefined if none is known. */
export function runningInstance({ databaseUrl, dataDir }: Config): string | undefined {
  return databaseUrl === undefined ? findInstance(dataDir)?.httpUrl : undefined;
}

/**
 * Sends a GET to a running instance as its operator.
 * @param url of the instance
 * @param path relative to it, with its query
 * @returns the parsed JSON
 * @throws a one-line error if there is no answer
 */
export async function askInstance(url: string, path: string, config: Config): Promise<unknown> {
  const secret = findDevelopmentSecret(config.dataDir);
  const authSecret = config.authSecret ?? (secret === undefined ? undefined : [secret]);
  if (authSecret === undefined)
    throw new Error('AUTH_SECRET must be set to the value of the running instance');
  const { OperatorTokens } = await import('../auth/operator-tokens.js');
  const token = await new OperatorTokens(config.with({ authSecret })).sign();
  const response = await send(new URL(path, url.endsWith('/') ? url : `${url}/`), token);
  if (response.status === 401)
    throw new Error(
      `${url} has another AUTH_SECRET than this command: run the command with the same environment`,
    );
  const document = await response.json().catch(() => undefined);
  if (!response.ok) throw new Error(refusalOf(document) ?? `${url} answered with status ${response.status}`);
  return document;
}

/** Redirects are not followed, because the token is for this instance only. */
async function send(url: URL, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, { headers, redirect: 'manual', signal });
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    throw new Error(`${url.origin} cannot be reached: ${code ?? message}`, { cause: error });
  }
}

function refusalOf(document: unknown): string | undefined {
  const { title, detail } = (document ?? {}) as { title?: unknown; detail?: unknown };
  const lines = [title, detail].filter((line) => typeof line === 'string');
  return lines.length === 0 ? undefined : lines.join(': ');
}
