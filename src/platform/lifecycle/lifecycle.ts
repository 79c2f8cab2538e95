/** Where this process is between start and stop. Set by `main`, asked by readiness and by the server. */
export class Lifecycle {
  private draining = false;

  /** From the stop signal on: new requests are still answered, but on connections that close. */
  get isDraining(): boolean {
    return this.draining;
  }

  startDraining(): void {
    this.draining = true;
  }
}
