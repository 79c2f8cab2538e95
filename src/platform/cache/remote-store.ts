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
  /** Marks `key` as taken for a while. @returns false when it was; true also when the store does not answer */
  abstract claim(key: string, ttlMs: number): Promise<boolean>;
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

  claim(): Promise<boolean> {
    return Promise.resolve(true);
  }

  clear(): Promise<number> {
    return Promise.resolve(0);
  }
}
