import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { Config } from '../../config.js';

const SEVERITIES: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug'];

/** Nest's own account of its wiring says nothing to who runs Inkwell. */
const WIRING = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);

/** Who else tells of an error that stops the start: `main` does, in one line. */
const START = new Set(['ExceptionHandler', 'NestApplication', 'TypeOrmModule']);

class QuietAboutWiring extends ConsoleLogger {
  override error(message: unknown, ...rest: unknown[]): void {
    if (this.isLevelEnabled('debug') || !START.has(String(rest.at(-1)))) super.error(message, ...rest);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!WIRING.has(String(rest.at(-1)))) super.log(message, ...rest);
  }
}

/** JSON lines in production, readable lines in development, down to LOG_LEVEL. */
export function consoleLogger(config: Config): ConsoleLogger {
  const least = config.logLevel === 'info' ? 'log' : config.logLevel;
  const logLevels = SEVERITIES.slice(0, SEVERITIES.indexOf(least) + 1);
  return new QuietAboutWiring('Inkwell', { json: config.isProduction, logLevels, timestamp: false });
}
