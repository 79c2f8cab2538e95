import { html, type Html } from '../../platform/markup/html.js';
import { type ImportJob, MAX_UPLOAD_BYTES } from '../../transfer/jobs/import-jobs.service.js';
import { button, checkField, emptyState, notice, pageHead, table, textField } from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { transferTexts } from '../texts/transfer.js';
import { textsOf, type Visit } from '../visit.js';
import { resultOf, sizeOf, stateBadge, timeOf } from './import-state.js';

const MIB = 1024 ** 2;

/** The options come before the file, so that they have arrived when it does. */
function importForm(visit: Visit, { summary, fields }: FormErrors): Html {
  const texts = textsOf(visit, transferTexts);
  return html`<section>
    <h2>${texts.importTitle}</h2>
    <p>${texts.importLead}</p>
    ${summary !== '' && notice(summary, 'bad')}
    <form method="post" action="/studio/transfer" enctype="multipart/form-data">
      ${checkField({ name: 'dry_run', label: texts.dryRun })} ${checkField({ name: 'notify', label: texts.notify })}
      ${textField({
        ...{ name: 'file', label: texts.file, type: 'file', required: true, error: fields['file'] },
        hint: texts.fileHint(MAX_UPLOAD_BYTES / MIB),
        accept: '.zip,.xml,.json,.md,.markdown',
      })}
      ${button(texts.upload, { look: 'primary' })}
    </form>
  </section> `;
}

function jobsTable(visit: Visit, jobs: readonly ImportJob[]): Html {
  const texts = textsOf(visit, transferTexts);
  if (jobs.length === 0) return emptyState(texts.none);
  const row = (job: ImportJob) => [
    html`<a href="/studio/transfer/${job.id}">${job.fileName}</a>`,
    stateBadge(visit, job),
    resultOf(visit, job),
    sizeOf(job),
    job.createdBy ?? texts.deleted,
    timeOf(job.createdAt),
  ];
  const head = [texts.file, texts.state, texts.result, texts.size, texts.by, texts.started];
  return table(texts.imports, head, jobs.map(row));
}

/** The page to import and to export. */
export function transferPage(
  visit: Visit,
  jobs: readonly ImportJob[],
  errors: FormErrors = NO_ERRORS,
): string {
  const texts = textsOf(visit, transferTexts);
  return studioPage(
    visit,
    { title: texts.title, current: 'transfer' },
    html`${pageHead(texts.title)} ${importForm(visit, errors)}
      <section>
        <h2>${texts.imports}</h2>
        ${jobsTable(visit, jobs)}
      </section>
      <section>
        <h2>${texts.exportTitle}</h2>
        <p>${texts.exportLead}</p>
        <form method="post" action="/studio/transfer/export">${button(texts.download)}</form>
      </section>`,
  );
}
