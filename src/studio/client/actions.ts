import {
  type ApiAnswer,
  type ApiRequest,
  isUnknownOutcome,
  type Problem,
  problemOf,
  type StudioApi,
  type Versioned,
  versionedOf,
} from './api.js';
import type { Clock } from './clock.js';
import { type Conflict, conflictOf } from './conflict.js';
import { acknowledgedOf, type Entry, type Journal, type Place, withEarlier } from './journal.js';
import { isSameText } from './text.js';

export type Action = 'publish' | 'unpublish' | 'discard' | 'trash' | 'restore' | 'share' | 'unshare';

export type ActionOutcome =
  /** null: the post is in the trash. */
  | { readonly kind: 'done'; readonly document: Versioned | null }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'signed-out' }
  /** null: the server cannot be reached. */
  | { readonly kind: 'failed'; readonly status: number | null; readonly problem: Problem };

const MAX_ATTEMPTS = 5;
const RETRY_MS = 800;

const REQUESTS: Readonly<Record<Action, readonly [method: ApiRequest['method'], below: string]>> = {
  publish: ['POST', '/publish'],
  unpublish: ['POST', '/unpublish'],
  discard: ['DELETE', '/text'],
  trash: ['DELETE', ''],
  restore: ['POST', '/restore'],
  share: ['POST', '/preview-link'],
  unshare: ['DELETE', '/preview-link'],
};

interface Parts {
  readonly api: StudioApi;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Runs one write to the server at a time over all tabs. */
  readonly exclusively: <T>(write: () => Promise<T>) => Promise<T>;
  readonly newKey: () => string;
}

/** Actions on a post besides writing, such as publishing. The text is saved first. */
export class PostActions {
  constructor(
    private readonly place: Place,
    private readonly parts: Parts,
  ) {}

  run(action: Action): Promise<ActionOutcome> {
    return this.parts.exclusively(() => this.attempt(action, true));
  }

  private async attempt(action: Action, mayRepeat: boolean): Promise<ActionOutcome> {
    const entry = await this.parts.journal.find(this.place);
    if (entry === undefined || entry.postId === null || entry.acknowledged === null)
      return { kind: 'failed', status: 404, problem: {} };
    const [method, below] = REQUESTS[action];
    const path = `/posts/${entry.postId}${below}`;
    const answer = await this.send({ method, path, ifMatch: entry.acknowledged.etag });
    if (answer === null) return { kind: 'failed', status: null, problem: {} };
    if (answer.status === 401) return { kind: 'signed-out' };
    if (answer.status === 412) return this.meet(action, entry, mayRepeat);
    if (answer.status >= 300) return { kind: 'failed', status: answer.status, problem: problemOf(answer) };
    return this.finish(action, entry, answer);
  }

  /** Repeats with the same key until the outcome is known. @returns null if it is not after several attempts */
  private async send(request: ApiRequest): Promise<ApiAnswer | null> {
    const idempotencyKey = this.parts.newKey();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const answer = await this.parts.api.send({ ...request, idempotencyKey }).catch(() => null);
      const isKnown =
        answer !== null &&
        !isUnknownOutcome(answer.status) &&
        problemOf(answer).code !== 'idempotency.in_flight';
      if (isKnown) return answer;
      const waitMs = answer?.retryAfterMs ?? RETRY_MS * attempt;
      if (attempt < MAX_ATTEMPTS) await this.parts.clock.sleep(waitMs, new AbortController().signal);
    }
    return null;
  }

  private async finish(action: Action, entry: Entry, answer: ApiAnswer): Promise<ActionOutcome> {
    if (action === 'trash') return { kind: 'done', document: null };
    const document = versionedOf(answer) ?? (await this.read(entry));
    if (document === null) return { kind: 'failed', status: null, problem: {} };
    await this.adopt(document, action === 'discard');
    return { kind: 'done', document };
  }

  private async read({ postId }: Entry): Promise<Versioned | null> {
    const read = await this.parts.api.read(postId!).catch(() => null);
    return read !== null && 'document' in read ? read : null;
  }

  /** @param replaces the text too, and keeps the present one in the journal */
  private async adopt(server: Versioned, replaces: boolean): Promise<void> {
    const { text } = server.document;
    const now = this.parts.clock.now();
    await this.parts.journal.update(this.place, (entry) => {
      if (entry === undefined) return undefined;
      if (replaces)
        return {
          ...withEarlier(entry, now, entry.text),
          text,
          edition: entry.edition + 1,
          acknowledged: acknowledgedOf(server),
          inFlight: null,
          rebase: null,
        };
      const before = entry.acknowledged;
      const isSame = before !== null && isSameText(before.kept, text);
      return { ...entry, acknowledged: acknowledgedOf(server, isSame ? before.text : text) };
    });
  }

  /** The post is no longer as it was. If only its text is as before, the action goes on. */
  private async meet(action: Action, entry: Entry, mayRepeat: boolean): Promise<ActionOutcome> {
    const server = await this.read(entry);
    if (server === null) return { kind: 'failed', status: null, problem: {} };
    const conflict = conflictOf(entry.acknowledged, server);
    if (conflict !== null) return { kind: 'conflict', conflict };
    await this.adopt(server, false);
    const { status, has_working_copy } = server.document;
    // An earlier request of ours, whose answer was lost, has done it.
    if (action === 'publish' && status === 'published' && !has_working_copy)
      return { kind: 'done', document: server };
    return mayRepeat
      ? this.attempt(action, false)
      : { kind: 'failed', status: 412, problem: { code: 'post.version_mismatch' } };
  }
}
