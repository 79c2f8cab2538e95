/**
 * The clock of a run: the number of acknowledgements that this process has read. A read that begins at moment 7 began
 * after the seventh was read, however fast both were.
 */
export class Timeline {
  now = 0;

  tick(): number {
    this.now += 1;
    return this.now;
  }
}
