/** The phase of this process between start and stop. `main` sets it; readiness and the server read it. */
export class Lifecycle {
  /** True from the stop signal on. New requests are still answered, but their connections close afterwards. */
  isDraining = false;
  private warm = false;

  /** True once the warm-up is done or its time is up. */
  get isWarm(): boolean {
    return this.warm;
  }

  startDraining(): void {
    this.isDraining = true;
  }

  markWarm(): void {
    this.warm = true;
  }
}
