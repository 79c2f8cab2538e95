/** The CDN did not purge. */
export class PurgeFailed extends Error {
  constructor(
    message: string,
    /** It has been asked too often: not before then. */
    readonly retryAfterSeconds: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The API of a CDN. */
export abstract class CdnProvider {
  /** Tags that one call takes. */
  abstract readonly maxTags: number;

  /** @throws PurgeFailed */
  abstract purge(tags: readonly string[]): Promise<void>;

  /** @throws PurgeFailed */
  abstract purgeEverything(): Promise<void>;
}
