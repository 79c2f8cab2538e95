/** Where this process is between start and stop. Set by `main`, asked by readiness and by the server. */
export class Lifecycle {
  private draining = false;
  private warm = false;

  /** From the stop signal on: new requests are still answered, but on connections that close. */
  get isDraining(): boolean {
    return this.draining;
  }

  /** The answers that are asked for most are in memory, or the time for that is over. */
  get isWarm(): boolean {
    return this.warm;
  }

  startDraining(): void {
    this.draining = true;
  }

  markWarm(): void {
    this.warm = true;
  }
}
