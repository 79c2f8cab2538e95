import { html, type Html } from '../../platform/markup/html.js';
import type { ImportJob, StoredReport } from '../../transfer/jobs/import-jobs.service.js';
import { badge } from '../components.js';
import { transferTexts } from '../texts/transfer.js';
import { textsOf, type Visit } from '../visit.js';

const TONES = {
  uploading: '',
  queued: '',
  running: 'caution',
  done: 'good',
  failed: 'bad',
  cancelled: '',
} as const;

/** Posts were skipped. */
const hasLosses = ({ state, report }: ImportJob): boolean => state === 'done' && (report?.broken ?? 0) > 0;

export function stateBadge(visit: Visit, job: ImportJob): Html {
  const texts = textsOf(visit, transferTexts);
  return html`${hasLosses(job) ? badge(texts.losses, 'caution') : badge(texts.states(job.state), TONES[job.state])}
  ${job.isDryRun && badge(texts.dryRunMark)}`;
}

const counts = (visit: Visit, { unchanged, broken, left_out: leftOut }: StoredReport): string =>
  textsOf(visit, transferTexts).others(unchanged, broken, leftOut);

/** The result of an import so far, in one line. */
export function resultOf(visit: Visit, job: ImportJob): string {
  const texts = textsOf(visit, transferTexts);
  const { failure, failureDetail, report, isDryRun } = job;
  if (failure !== null) return texts.failures(failure, failureDetail ?? '');
  const { imported, drafts } = report ?? job;
  const posts = isDryRun ? texts.wouldImport(imported, drafts) : texts.imported(imported, drafts);
  return report === null ? posts : `${posts}, ${counts(visit, report)}`;
}

const KIB = 1024;

export const sizeOf = ({ bytes }: ImportJob): string =>
  bytes < KIB * KIB ? `${Math.ceil(bytes / KIB)} KiB` : `${(bytes / KIB / KIB).toFixed(1)} MiB`;

export const timeOf = (date: Date): Html =>
  html`<time datetime="${date.toISOString()}">${date.toISOString().slice(0, 16).replace('T', ' ')}</time>`;
