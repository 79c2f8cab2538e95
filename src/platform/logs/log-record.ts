/** One line of the log: a message for people, and members for programs. Values are short and contain no secrets. */
export interface LogRecord {
  readonly message: string;
  readonly error?: unknown;
  readonly [member: string]: unknown;
}

export const isLogRecord = (value: unknown): value is LogRecord =>
  typeof value === 'object' && value !== null && typeof (value as LogRecord).message === 'string';
