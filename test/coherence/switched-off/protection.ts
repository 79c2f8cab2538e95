/** One protection of the protocol, and how a test build does without it. */
export interface Protection {
  /** Below dist. */
  readonly file: string;
  /** Occurs exactly once in it. */
  readonly text: string;
  readonly replacement: string;
}
