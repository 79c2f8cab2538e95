/**
 * The one clock of a run: a count of the acknowledgements that this process has read. A read that begins at moment 7 began
 * after the seventh was read, however fast both went.
 */
export class Timeline {
  now = 0;

  tick(): number {
    this.now += 1;
    return this.now;
  }
}
