import type { Config } from '../../config.js';
import { EntrySeal } from '../cache/entry-seal.js';
import { bytesInOwnMemory, dataInOwnMemory } from '../cache/memory-store.js';
import { TieredCache } from '../cache/tiered-cache.js';
import type { Source, Tiers } from '../cache/tiers.js';
import { parseSnapshot } from '../coherence/snapshot.js';
import { Problem } from '../errors/problem.js';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { Answer, entityTag, JSON_CONTENT_TYPE } from './answer.js';
import { type AnswerContent, CachedAbsence, CachedAnswer, isAnswerOrAbsence } from './cached-answer.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import { RedisAnswers } from './redis-answers.js';
import { shownSettings } from './shown-settings.js';

/** The value of `Cache-Status` by the source of an answer (RFC 9211). */
export const CACHE_STATUS: Readonly<Record<Source, string>> = {
  memory: 'inkwell; hit',
  redis: 'inkwell; hit; detail=redis',
  load: 'inkwell; fwd=miss; stored',
  overtaken: 'inkwell; fwd=miss',
  revalidating: 'inkwell; fwd=stale; detail=revalidating',
  error: 'inkwell; fwd=stale; detail=database-away',
};

/**
 * One call of a handler by one request. A result that must not be shared still answers this request, without a second
 * call.
 */
export class HandlerRun {
  private outcome: (() => unknown) | undefined;

  constructor(private readonly handler: () => unknown) {}

  /** False if this request shared another request's load, whose result may be private to that caller. */
  get hasEnded(): boolean {
    return this.outcome !== undefined;
  }

  /** The handler's result. @throws what the handler threw */
  get result(): unknown {
    return this.outcome?.();
  }

  readonly start = async (): Promise<unknown> => {
    try {
      const result = await this.handler();
      this.outcome = () => result;
      return result;
    } catch (error) {
      this.outcome = () => {
        throw error;
      };
      throw error;
    }
  };
}

const ABSENCE_TTL_MS = 30_000;

export interface ServedAnswer {
  readonly answer: CachedAnswer;
  readonly source: Source;
}

/** A handler returned a private answer or something other than an answer. Only its own caller gets it. */
export class NotShareable extends Error {
  constructor() {
    super('A handler with @Cached returned an answer that must not be shared');
  }
}

/** The cache of finished answers. */
export class ResponseCache {
  readonly tiered: TieredCache<CachedAnswer | CachedAbsence>;
  private readonly staleIfErrorMs: number;
  private readonly compressing = new Set<string>();

  constructor(
    private readonly tiers: Tiers,
    config: Pick<Config, 'staleIfErrorSeconds'> & Partial<Config>,
  ) {
    this.staleIfErrorMs = config.staleIfErrorSeconds * 1000;
    const seal = new EntrySeal(config.authSecret ?? [], 'answers');
    const answers = new RedisAnswers(seal, tiers, shownSettings(config));
    this.tiered = new TieredCache(tiers, answers, isAnswerOrAbsence);
  }

  /** Is there a fresh answer in memory? Negative entries do not count. */
  has(key: string): boolean {
    return this.tiered.peek(key) instanceof CachedAnswer;
  }

  /** @param run runs the handler @throws what the handler throws, or threw when it found nothing; NotShareable */
  async read(route: CachedRoute, cacheKey: CacheKey, run: () => unknown): Promise<ServedAnswer> {
    const ttlMs = route.nextTtlMs();
    const { entry, source } = await this.tiered.read(cacheKey.key, {
      cache: route.cache,
      staleWhileRevalidateMs: ttlMs,
      staleIfErrorMs: this.staleIfErrorMs,
      remote: ttlMs === 0 || cacheKey.isTransient ? 'never' : 'unknown',
      load: () => this.load(run, ttlMs, cacheKey),
    });
    if (entry instanceof CachedAbsence) {
      // A negative entry is not served without a database: the thing may exist by now.
      throw source === 'error' ? new ServiceUnavailable('The database cannot be reached.', 1) : entry.problem;
    }
    return { answer: entry, source };
  }

  /** Compresses an entry in the background after the first request for it. Until then, it is sent uncompressed. */
  compress(key: string, answer: CachedAnswer): void {
    if (this.compressing.has(key) || !answer.isCompressible) return;
    this.compressing.add(key);
    void answer
      .compressed()
      .then(
        (compressed) => this.tiered.replace(key, answer, compressed),
        () => this.tiers.tally.countError('memory/compress'),
      )
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
      if (!(result instanceof Answer) || result.parts.isPrivate === true) throw new NotShareable();
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
    // An event that touches an input evicts the whole answer.
    tags: dataInOwnMemory([...new Set([...parts.tags, ...inputs.flatMap(({ tags }) => tags), pathTag])]),
    snapshot: parseSnapshot(parts.snapshot),
    epoch,
    ...(inputs.length === 0 ? {} : { inputs: dataInOwnMemory(inputs) }),
  };
}
