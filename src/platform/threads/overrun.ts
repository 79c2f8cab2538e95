/** A job exceeded its limit of time, memory or recursion depth. Its thread was ended. */
export class Overrun extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'Overrun';
  }
}
