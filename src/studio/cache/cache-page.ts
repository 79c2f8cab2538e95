import type { CacheHistory } from '../../platform/cache-samples/cache-history.js';
import type { WatchedReplica } from '../../platform/cache-samples/cache-watch.js';
import { html, type Html } from '../../platform/markup/html.js';
import { badge, buttonLink, emptyState, pageHead, table } from '../components.js';
import { studioPage } from '../page.js';
import { cacheTexts } from '../texts/cache.js';
import { textsOf, type Visit } from '../visit.js';
import { amountsIn } from './amounts.js';
import { plot } from './plot.js';

const MINUTE_MS = 60_000;

export interface CachePage {
  readonly histories: readonly CacheHistory[];
  readonly replicas: readonly WatchedReplica[];
  readonly isLive: boolean;
}

const timeOf = (minute: number): string => new Date(minute * MINUTE_MS).toISOString().slice(11, 16);

/** The caches of all processes over the last hour, and the processes themselves. */
export function cachePage(visit: Visit, { histories, replicas, isLive }: CachePage): string {
  const texts = textsOf(visit, cacheTexts);
  const toggle = isLive
    ? buttonLink('/studio/cache?live=no', texts.pause, 'quiet')
    : buttonLink('/studio/cache', texts.resume, 'quiet');
  return studioPage(
    visit,
    { title: texts.title, current: 'cache' },
    html`${pageHead(texts.title, [toggle, buttonLink('/studio/cache/inspect', texts.inspectTitle)])}
      <p class="lead">${texts.lead} ${isLive ? texts.live : texts.paused}</p>
      ${histories.length === 0 ? emptyState(texts.nothingYet) : totals(visit, histories)}
      ${histories.map((history) => section(visit, history))}
      <h2>${texts.replicas}</h2>
      ${replicaTable(visit, replicas)}
      <p class="hint">${texts.leaseHint}</p>`,
  );
}

function totals(visit: Visit, histories: readonly CacheHistory[]): Html {
  const texts = textsOf(visit, cacheTexts);
  const { count, share, milliseconds } = amountsIn(visit.language);
  return table(
    texts.byCache,
    [texts.cache, texts.reads, texts.hitRatio, texts.p50, texts.p95, texts.p99],
    histories.map(({ cache, total: { hits, misses, hitRatio, p50, p95, p99 } }) => [
      cache,
      count(hits + misses),
      share(hitRatio),
      ...[p50, p95, p99].map(milliseconds),
    ]),
  );
}

function section(visit: Visit, { cache, points, total }: CacheHistory): Html {
  const texts = textsOf(visit, cacheTexts);
  const { count, share, milliseconds } = amountsIn(visit.language);
  const longest = Math.max(...points.map(({ p99 }) => p99 ?? 0));
  const used = points.filter(({ hits, misses }) => hits + misses > 0);
  return html`<section class="card">
    <h2>${cache}</h2>
    <div class="plots">
      <figure>
        <figcaption>${texts.hitRatio}: ${share(total.hitRatio)}</figcaption>
        ${plot(texts.hitPlot(cache, share(total.hitRatio)), { ratio: points.map(({ hitRatio }) => hitRatio) }, 1)}
      </figure>
      ${
        longest > 0 &&
        html`<figure>
          <figcaption>
            ${texts.loadTime}: <span class="p50">50 %</span> <span class="p95">95 %</span> <span class="p99">99 %</span>,
            ${texts.upTo(milliseconds(longest))}
          </figcaption>
          ${plot(
            texts.loadPlot(cache, milliseconds(longest)),
            Object.fromEntries(
              (['p99', 'p95', 'p50'] as const).map((name) => [name, points.map((point) => point[name])]),
            ),
            longest,
          )}
        </figure>`
      }
    </div>
    <details>
      <summary>${texts.everyMinute(cache)}</summary>
      ${table(
        texts.everyMinute(cache),
        [texts.minute, texts.reads, texts.hitRatio, texts.p50, texts.p95, texts.p99],
        used.map(({ minute, hits, misses, hitRatio, p50, p95, p99 }) => [
          timeOf(minute),
          count(hits + misses),
          share(hitRatio),
          ...[p50, p95, p99].map(milliseconds),
        ]),
      )}
    </details>
  </section> `;
}

function replicaTable(visit: Visit, replicas: readonly WatchedReplica[]): Html {
  const texts = textsOf(visit, cacheTexts);
  return table(
    texts.replicas,
    [texts.process, 'ID', texts.lease, texts.answer],
    replicas.map(({ id, holdsLease, isAsker, report }) => [
      [
        report === undefined ? '–' : `${report.host} · ${report.pid}`,
        ' ',
        isAsker && badge(texts.thisProcess),
      ],
      html`<code>${id.slice(0, 8)}</code>`,
      holdsLease ? badge(texts.holdsLease, 'good') : badge(texts.noLease, 'caution'),
      report === undefined ? badge(texts.silent, 'bad') : badge(texts.answered, 'good'),
    ]),
  );
}
