import { counted } from './counted.js';
import type { ImportReport, RemarkGroup } from './import-report.js';
import type { Remark } from './source.js';

const EXAMPLES = 3;
const DETAIL_MAX = 100;

const HEADINGS: readonly (readonly [Remark['kind'], string])[] = [
  ['broken', 'Broken: posts that were skipped'],
  [
    'differs',
    'Differs: changed in the source since an earlier import; left alone (another blog? see --source)',
  ],
  ['left out', 'Left out: not posts'],
  ['not kept', 'Not kept: parts that Inkwell has no place for'],
  ['changed', 'Changed: kept with changes'],
];

const number = (value: number): string => value.toLocaleString('en-US');

function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > DETAIL_MAX ? `${line.slice(0, DETAIL_MAX)}…` : line;
}

const example = ({ place, detail }: Remark): string =>
  detail === undefined || detail === '' ? `    ${place}` : `    ${place}  ${oneLine(detail)}`;

/** Lists every broken post. For other remarks, a few examples suffice. */
function groupLines({ what, remarks }: RemarkGroup, kind: Remark['kind']): string[] {
  const shown = kind === 'broken' ? remarks : remarks.slice(0, EXAMPLES);
  const more = remarks.length - shown.length;
  return [
    `  ${number(remarks.length)} × ${what}`,
    ...shown.map(example),
    ...(more > 0 ? [`    and ${number(more)} more`] : []),
  ];
}

function authorLines(report: ImportReport): string[] {
  if (report.authors.length === 0) return [];
  const lines = report.authors.map(
    ({ name, username, isNew }) =>
      `  ${oneLine(name)} → ${username}${isNew ? ' (new, without a password)' : ' (existing account)'}`,
  );
  return ['', 'Authors', ...lines];
}

/** Formats a report for a terminal. */
export function reportText(report: ImportReport, isDryRun: boolean): string {
  const summary = [
    `${counted(report.imported, 'post')} ${isDryRun ? 'would be imported' : 'imported'} (${counted(report.drafts, 'draft')})`,
    `${number(report.unchanged)} unchanged`,
    `${number(report.count('broken'))} broken`,
    `${number(report.count('left out'))} left out`,
  ];
  const sections = HEADINGS.flatMap(([kind, heading]) => {
    const groups = report.groups(kind);
    return groups.length === 0 ? [] : ['', heading, ...groups.flatMap((group) => groupLines(group, kind))];
  });
  return [`${report.format}: ${summary.join(', ')}`, ...authorLines(report), ...sections, ''].join('\n');
}
