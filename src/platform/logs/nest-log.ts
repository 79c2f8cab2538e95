import type { LoggerService } from '@nestjs/common';
import type { Level } from 'pino';
import type { Log } from './log.js';
import { isLogRecord } from './log-record.js';
import { withoutSecrets } from './without-secrets.js';

/** Nest's messages about its own wiring do not help operators. */
const WIRING = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);

/** Contexts that also log an error that stops the start. `main` reports it in one line. */
const START = new Set(['ExceptionHandler', 'NestApplication', 'TypeOrmModule']);

/** Nest's `Logger` on the log of this process: `new Logger('Outbox').warn('…')`, or with a LogRecord. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    if (!WIRING.has(String(rest.at(-1)))) this.write('info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** `rest` is [stack, context] or [context]. */
  error(message: unknown, ...rest: unknown[]): void {
    if (this.pino.isLevelEnabled('debug') || !START.has(String(rest.at(-1))))
      this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const members = typeof context === 'string' ? { context } : {};
    if (message instanceof Error)
      this.pino[level]({ ...members, error: message }, withoutSecrets(message.message));
    else if (isLogRecord(message)) {
      const { message: text, ...given } = message;
      this.pino[level]({ ...members, ...given }, withoutSecrets(text));
    } else this.pino[level](members, withoutSecrets(textOf(message, rest)));
  }
}

/** Nest passes the stack of an error as text, before the context. */
function textOf(message: unknown, rest: unknown[]): string {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : '';
  return stack === '' ? text : `${text}\n${stack}`;
}
