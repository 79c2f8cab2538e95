/** One protection of the protocol, and how a test build does without it. */
export interface Protection {
  /** Names the test build. */
  readonly name: string;
  /** Below dist. */
  readonly file: string;
  /** Occurs exactly once in it. */
  readonly text: string;
  readonly replacement: string;
}
