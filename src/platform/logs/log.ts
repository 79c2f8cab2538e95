import { destination, type DestinationStream, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import type { Config } from '../../config.js';
import { readableLines } from './readable-lines.js';
import { withoutSecrets } from './without-secrets.js';

/** The only logger of a process. */
export type Log = Pino;

const STDOUT = 1;
const STDERR = 2;

/** Logs message and stack only, because drivers attach queries and commands with their parameters to their errors. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(String(error)) };
  const { name, message, stack } = error;
  const code = (error as NodeJS.ErrnoException).code;
  return {
    type: name,
    message: withoutSecrets(message),
    ...(code === undefined ? {} : { code }),
    stack: withoutSecrets(stack ?? ''),
  };
}

function destinationOf(config: Config, isCommand: boolean): DestinationStream {
  if (!config.isProduction) return readableLines(isCommand ? process.stderr : process.stdout);
  // Lines are written in the background. Pending lines are written when the process exits.
  return destination({ dest: isCommand ? STDERR : STDOUT, sync: false });
}

/**
 * Logs JSON lines in production and readable lines elsewhere, from LOG_LEVEL up.
 * @param isCommand true for a command, whose standard output is its result
 */
export function createLog(config: Config, { isCommand = false } = {}): Log {
  return pino(
    {
      level: config.logLevel,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { error: describe },
    },
    destinationOf(config, isCommand),
  );
}
