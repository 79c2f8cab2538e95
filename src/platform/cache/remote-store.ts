export type RemoteState = 'none' | 'answers' | 'away';

/**
 * L2: bytes by key in a store that replicas share. It is an accelerator: every failure of it is a miss, at once or within
 * its command timeout, and nothing it says is believed without the snapshot check.
 */
export abstract class RemoteStore {
  /** Asks it whether it answers now. */
  abstract state(): Promise<RemoteState>;
  /** @returns undefined when it has none, or does not answer */
  abstract get(key: string): Promise<Buffer | undefined>;
  /** Never fails; `ttlMs` is an upper bound. */
  abstract set(key: string, value: Buffer, ttlMs: number): Promise<void>;
  abstract delete(key: string): Promise<void>;
  /** Deletes everything of this application, by scanning: for operators, not for requests. @returns how many */
  abstract clear(): Promise<number>;
}

/** Where there is no Redis. */
export class NoRemoteStore extends RemoteStore {
  state(): Promise<RemoteState> {
    return Promise.resolve('none');
  }

  get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  set(): Promise<void> {
    return Promise.resolve();
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  clear(): Promise<number> {
    return Promise.resolve(0);
  }
}
