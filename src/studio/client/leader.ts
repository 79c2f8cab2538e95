import type { Place } from './journal.js';

type Locks = Pick<LockManager, 'request' | 'query'>;

const nameOf = ({ account, post }: Place): string => `inkwell-studio/${account}/${post}`;

/** The tabs of one account that have the same post open: one leads and saves, the others follow. */
export class Tabs<Message> {
  private readonly channel: BroadcastChannel;
  private readonly name: string;

  constructor(
    private readonly locks: Locks,
    place: Place,
  ) {
    this.name = nameOf(place);
    this.channel = new BroadcastChannel(this.name);
  }

  /** Calls back with what other tabs tell. */
  listen(hear: (message: Message) => void): void {
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);
  }

  tell(message: Message): void {
    this.channel.postMessage(message);
  }

  /**
   * Waits until no other tab leads, leads for as long as `lead` runs, and never resolves earlier.
   * The browser gives the lock to the next tab when this one is closed or dies.
   */
  async lead(signal: AbortSignal, lead: () => Promise<void>): Promise<void> {
    await this.locks.request(this.name, { signal }, lead).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Runs one write to the server at a time, whichever tab asks for it. */
  exclusively<T>(write: () => Promise<T>): Promise<T> {
    return this.locks.request(`${this.name}/write`, write);
  }

  close(): void {
    this.channel.close();
  }
}

/** True if a living tab has the post open. */
export async function isOpenElsewhere(locks: Pick<LockManager, 'query'>, place: Place): Promise<boolean> {
  const name = nameOf(place);
  const { held = [] } = await locks.query();
  return held.some((lock) => lock.name === name);
}
