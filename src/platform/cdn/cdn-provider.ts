/** The CDN did not purge. */
export class PurgeFailed extends Error {
  constructor(
    message: string,
    /** Set if the CDN's rate limit was reached: no call before then. */
    readonly retryAfterSeconds: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The API of a CDN. */
export abstract class CdnProvider {
  /** The maximum number of tags per call. */
  abstract readonly maxTags: number;

  /** @throws PurgeFailed */
  abstract purge(tags: readonly string[]): Promise<void>;

  /** @throws PurgeFailed */
  abstract purgeEverything(): Promise<void>;
}
