import { Answer, JSON_CONTENT_TYPE } from '../answers/answer.js';
import { entityTag } from '../answers/entity-tag.js';
import { Problem } from '../errors/problem.js';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { CachedAbsence } from './cached-absence.js';
import { type AnswerContent, CachedAnswer } from './cached-answer.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import type { Entry } from './entry.js';
import { bytesInOwnMemory, dataInOwnMemory } from './own-memory.js';
import { RemoteAnswers } from './remote-answers.js';
import type { RemoteState, RemoteStore } from './remote-store.js';
import { parseSnapshot } from '../coherence/snapshot.js';
import { type Holdings, type Source, TieredCache, type Tiers } from './tiered-cache.js';

const ABSENCE_TTL_MS = 30_000;

export interface ServedAnswer {
  readonly answer: CachedAnswer;
  readonly source: Source;
}

const isAnswerOrAbsence = (entry: Entry): entry is CachedAnswer | CachedAbsence =>
  entry instanceof CachedAnswer || entry instanceof CachedAbsence;

/** A handler gave something that is not the same for everybody: it goes to the one who asked, and nowhere else. */
export class NotShareable extends Error {
  constructor(readonly result: unknown) {
    super('A handler with @Cached gave an answer that must not be shared');
  }
}

/** The cache of finished answers. */
export class ResponseCache {
  private readonly cache: TieredCache<CachedAnswer | CachedAbsence>;
  private readonly compressing = new Set<string>();

  constructor(
    private readonly tiers: Tiers,
    private readonly remote: RemoteStore,
    private readonly staleIfErrorMs: number,
  ) {
    this.cache = new TieredCache(tiers, new RemoteAnswers(remote), isAnswerOrAbsence);
  }

  get tiered(): Pick<TieredCache<never>, 'fence' | 'fenceAll'> {
    return this.cache;
  }

  /** A fresh answer of L1, or undefined; absences do not count. */
  peek(key: string): CachedAnswer | undefined {
    const entry = this.cache.peek(key);
    return entry instanceof CachedAnswer ? entry : undefined;
  }

  remoteState(): Promise<RemoteState> {
    return this.remote.state();
  }

  inspect(key: string): Promise<Holdings<CachedAnswer | CachedAbsence>> {
    return this.cache.inspect(key);
  }

  /**
   * @param run runs the handler
   * @throws what the handler throws, or threw when it found nothing; NotShareable
   */
  async read(route: CachedRoute, cacheKey: CacheKey, run: () => unknown): Promise<ServedAnswer> {
    const ttlMs = route.nextTtlMs();
    const { entry, source } = await this.cache.read(cacheKey.key, {
      cache: route.cache,
      staleWhileRevalidateMs: ttlMs,
      staleIfErrorMs: this.staleIfErrorMs,
      remote: ttlMs === 0 || cacheKey.isTransient ? 'never' : 'unknown',
      load: () => this.load(run, ttlMs, cacheKey),
    });
    if (entry instanceof CachedAbsence) {
      // Nothing would mark it as old, and what was absent may have come to be.
      throw source === 'error' ? new ServiceUnavailable('The database cannot be reached.', 1) : entry.problem;
    }
    return { answer: entry, source };
  }

  /** Makes the compressed forms of an entry, once somebody asked for one; until then it goes out as it is. */
  compress(key: string, answer: CachedAnswer): void {
    if (this.compressing.has(key) || !answer.isCompressible) return;
    this.compressing.add(key);
    void answer
      .compressed()
      .then((compressed) => this.cache.replace(key, answer, compressed))
      .finally(() => this.compressing.delete(key));
  }

  private async load(
    run: () => unknown,
    ttlMs: number,
    { isTransient, pathTag }: CacheKey,
  ): Promise<CachedAnswer | CachedAbsence> {
    const { epoch } = this.tiers.coherence;
    const storedAtMs = Date.now();
    try {
      const result = await run();
      if (!(result instanceof Answer) || result.parts.isPrivate === true) throw new NotShareable(result);
      const isRare = isTransient || result.parts.isEmpty === true;
      return new CachedAnswer(contentOf(result, epoch, pathTag), { storedAtMs, ttlMs }, isRare);
    } catch (error) {
      if (!(error instanceof Problem) || error.absence === undefined) throw error;
      const { absence } = error;
      const provenance = {
        tags: dataInOwnMemory([...absence.tags, pathTag]),
        snapshot: parseSnapshot(absence.snapshot),
        epoch,
      };
      return new CachedAbsence(error, provenance, { storedAtMs, ttlMs: Math.min(ttlMs, ABSENCE_TTL_MS) });
    }
  }
}

function contentOf({ parts }: Answer, epoch: string, pathTag: string): AnswerContent {
  const { inputs = [] } = parts;
  const body = bytesInOwnMemory(parts.body);
  return {
    status: parts.status ?? 200,
    contentType: parts.contentType ?? JSON_CONTENT_TYPE,
    headers: parts.headers ?? {},
    etag: entityTag(body, parts.version),
    body,
    // An event that touches an input evicts the whole.
    tags: dataInOwnMemory([...new Set([...parts.tags, ...inputs.flatMap(({ tags }) => tags), pathTag])]),
    snapshot: parseSnapshot(parts.snapshot),
    epoch,
    ...(inputs.length === 0 ? {} : { inputs: dataInOwnMemory(inputs) }),
  };
}
