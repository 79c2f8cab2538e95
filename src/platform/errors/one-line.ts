/**
 * An error in one line, for the person at the terminal. A refused connection has its reason in a code or in a nested
 * error.
 */
export function oneLine(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return oneLine(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const text = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return text.replace(/\s*\n\s*/g, ' ');
}
