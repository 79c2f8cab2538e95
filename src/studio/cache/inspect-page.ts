import { html, type Html } from '../../platform/markup/html.js';
import type { CacheExplanation, HeldEntry } from '../../platform/responses/inspect/cache.schemas.js';
import {
  actionButton,
  badge,
  button,
  buttonLink,
  hiddenField,
  notice,
  pageHead,
  table,
  textField,
} from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { cacheTexts } from '../texts/cache.js';
import { textsOf, type Visit } from '../visit.js';
import { amountsIn } from './amounts.js';

export interface InspectPage {
  /** As it was typed. */
  readonly path?: string;
  readonly tag?: string;
  readonly explanation?: CacheExplanation | undefined;
  /** Why the path cannot be explained. */
  readonly refusal?: string | undefined;
  /** Entries of this process that a purge has just evicted. */
  readonly purged?: number | undefined;
  /** Of the purge. */
  readonly errors?: FormErrors;
}

const TONE = { hit: 'good', stale: 'caution', miss: '', uncached: '' } as const;

/** Explains one path, and purges by path or tag. It does not refresh, so that nothing typed is lost. */
export function inspectPage(visit: Visit, shown: InspectPage): string {
  const { path = '', explanation, refusal, purged, errors = NO_ERRORS } = shown;
  const texts = textsOf(visit, cacheTexts);
  return studioPage(
    visit,
    { title: texts.inspectTitle, current: 'cache' },
    html`${pageHead(texts.inspectTitle, buttonLink('/studio/cache', texts.backToPlots))}
      ${purged !== undefined && notice(texts.purged(purged))}
      ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <section class="card">
        <h2>${texts.explain}</h2>
        <p class="hint">${texts.explainLead} ${texts.pathHint}</p>
        <form method="get" action="/studio/cache/inspect" class="filters">
          ${textField({ name: 'path', label: texts.path, value: path, required: true, error: refusal })}
          ${button(texts.explainButton, { look: 'primary' })}
        </form>
        ${explanation !== undefined && explained(visit, explanation)}
      </section>
      ${purgeForms(visit, shown)}`,
  );
}

function explained(visit: Visit, explanation: CacheExplanation): Html {
  const texts = textsOf(visit, cacheTexts);
  const { seconds } = amountsIn(visit.language);
  const { next, reason, route, cache, ttl, changes } = explanation;
  return html`<p>${texts.next}: ${badge(texts.nexts(next), TONE[next])}</p>
    <p lang="en">${reason}</p>
    <p class="hint">
      ${texts.route} <code>${route}</code> · ${texts.cache} <code>${cache}</code> · ${texts.ttl} ${seconds(ttl.seconds)}
    </p>
    ${held(visit, explanation)}
    ${
      changes.length > 0 &&
      html`<h3>${texts.changes}</h3>
        ${table(
          texts.changes,
          [texts.time, texts.change, texts.tags],
          changes.map(({ at, event, tags }) => [
            at.slice(0, 19).replace('T', ' '),
            html`<code>${event}</code>`,
            tags.join(', '),
          ]),
        )}`
    }
    ${actionButton('/studio/cache/purge', texts.purgePath, 'danger', hiddenField('path', explanation.path))}`;
}

function held(visit: Visit, { memory, redis }: CacheExplanation): Html {
  const texts = textsOf(visit, cacheTexts);
  const { seconds, bytes } = amountsIn(visit.language);
  const row = (tier: string, entry: HeldEntry | null) =>
    entry === null
      ? []
      : [
          [
            tier,
            `${texts.states(entry.state)}, ${entry.status}`,
            `${seconds(entry.age_seconds)} / ${seconds(entry.ttl_seconds)}`,
            bytes(entry.bytes),
            entry.tags.join(', '),
          ],
        ];
  const rows = [...row(texts.memory, memory), ...row(texts.redis, redis)];
  if (rows.length === 0) return html`<p>${texts.heldNowhere}</p>`;
  return table(
    texts.tier,
    [texts.tier, texts.state, `${texts.age} / ${texts.ttl}`, texts.size, texts.tags],
    rows,
  );
}

function purgeForms(visit: Visit, { tag = '', errors = NO_ERRORS }: InspectPage): Html {
  const texts = textsOf(visit, cacheTexts);
  return html`<section class="card">
    <h2>${texts.purge}</h2>
    <p class="hint">${texts.purgeLead} ${texts.tagHint}</p>
    <form method="post" action="/studio/cache/purge" class="filters">
      ${textField({ name: 'tag', label: texts.tag, value: tag, required: true, error: errors.fields['tag'] ?? errors.fields['path'] })}
      ${button(texts.purgeTag, { look: 'danger' })}
    </form>
    ${actionButton('/studio/cache/purge', texts.purgeAll, 'danger', hiddenField('all', 'true'))}
  </section> `;
}
