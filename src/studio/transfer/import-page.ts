import { html, type Html } from '../../platform/markup/html.js';
import type { ImportJob, StoredGroup, StoredReport } from '../../transfer/jobs/import-jobs.service.js';
import { actionButton, buttonLink, notice, pageHead, table } from '../components.js';
import { studioPage } from '../page.js';
import { transferTexts } from '../texts/transfer.js';
import { textsOf, type Visit } from '../visit.js';
import { resultOf, sizeOf, stateBadge, timeOf } from './import-state.js';

const REFRESH_SECONDS = 2;

const isUnderWay = ({ finishedAt }: ImportJob): boolean => finishedAt === null;

function progress(visit: Visit, { position, size, isCancelling }: ImportJob): Html {
  const texts = textsOf(visit, transferTexts);
  return html`<p>
      <progress aria-label="${texts.progress}" max="${Math.max(1, size)}" value="${position}"></progress>
      ${Math.floor((100 * position) / Math.max(1, size))} %
    </p>
    <p class="hint" role="status">
      ${isCancelling ? texts.cancelling : texts.refreshing} <a href="${visit.url}">${texts.refresh}</a>
    </p>`;
}

function places(visit: Visit, { count, remarks }: StoredGroup): Html {
  const texts = textsOf(visit, transferTexts);
  const more = count - remarks.length;
  return html`<ul>
    ${remarks.map(
      ({ place, detail }) => html`<li><code>${place}</code> ${detail !== undefined && html`${detail}`}</li> `,
    )}
    ${more > 0 && html`<li>${texts.more(more)}</li>`}
  </ul> `;
}

/** Long lists are folded. Broken posts are shown. */
function groupsOfKind(visit: Visit, kind: StoredGroup['kind'], groups: readonly StoredGroup[]): Html {
  const texts = textsOf(visit, transferTexts);
  const title = texts.kinds(kind);
  const list = (group: StoredGroup): Html =>
    kind === 'broken'
      ? places(visit, group)
      : html`<details><summary>${texts.places}</summary>${places(visit, group)}</details>`;
  const rows = groups.map((group) => [group.what, String(group.count), list(group)]);
  return html`<h3>${title}</h3>
    ${table(title, [texts.what, texts.count, texts.places], rows)} `;
}

function reportOf(visit: Visit, { authors, groups }: StoredReport): Html {
  const texts = textsOf(visit, transferTexts);
  const byKind = [...Map.groupBy(groups, ({ kind }) => kind)];
  const rows = authors.map(({ name, username, isNew }) => [
    name,
    html`${username} (${isNew ? texts.isNew : texts.isThere})`,
  ]);
  return html`<section>
    <h2>${texts.report}</h2>
    ${byKind.map(([kind, ofKind]) => groupsOfKind(visit, kind, ofKind))}
    ${rows.length > 0 && html`<h3>${texts.authors}</h3>`}
    ${rows.length > 0 && table(texts.authors, [texts.inSource, texts.account], rows)}
  </section> `;
}

/** One import: its progress while it runs, then its report. */
export function importPage(visit: Visit, job: ImportJob): string {
  const texts = textsOf(visit, transferTexts);
  const { id, state, format, createdBy, createdAt, report, attempts } = job;
  const canCancel = state === 'queued' || (state === 'running' && !job.isCancelling);
  return studioPage(
    visit,
    {
      ...{ title: job.fileName, current: 'transfer' },
      ...(isUnderWay(job) ? { head: html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}" />` } : {}),
    },
    html`${pageHead(
      job.fileName,
      html`${canCancel && actionButton(`/studio/transfer/${id}/cancel`, texts.cancel, 'danger')}
        ${buttonLink('/studio/transfer', texts.back)}`,
    )}
      <p>${stateBadge(visit, job)} ${format ?? ''}</p>
      ${job.failure === null ? html`<p>${resultOf(visit, job)}</p>` : notice(resultOf(visit, job), 'bad')}
      ${attempts > 1 && notice(texts.resumed, 'caution')} ${isUnderWay(job) && progress(visit, job)}
      <p class="hint">${sizeOf(job)} · ${createdBy ?? texts.deleted} · ${timeOf(createdAt)} UTC</p>
      ${report !== null && reportOf(visit, report)}`,
  );
}
