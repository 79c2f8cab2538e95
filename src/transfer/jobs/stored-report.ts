import type { AuthorAccount, ImportReport } from '../import-report.js';
import type { Remark } from '../source.js';

/** Remarks of one kind with the same text. */
export interface StoredGroup {
  readonly kind: Remark['kind'];
  readonly what: string;
  readonly count: number;
  /** The first of them. */
  readonly remarks: readonly Pick<Remark, 'place' | 'detail'>[];
}

/** The report of an import as its job keeps it: every count, and as many remarks as people read. */
export interface StoredReport {
  readonly format: string;
  readonly imported: number;
  readonly drafts: number;
  readonly unchanged: number;
  readonly broken: number;
  readonly left_out: number;
  readonly authors: readonly AuthorAccount[];
  /** By kind, the largest first. */
  readonly groups: readonly StoredGroup[];
}

/** In the order of the report for a terminal. */
const KINDS = ['broken', 'differs', 'left out', 'not kept', 'changed'] as const;
const MAX_AUTHORS = 1_000;
/** A group for each custom field of a hostile file would be too many. */
const MAX_GROUPS_OF_A_KIND = 200;
const MAX_REMARKS: Readonly<Record<Remark['kind'], number>> = {
  broken: 1_000,
  differs: 200,
  'left out': 50,
  'not kept': 50,
  changed: 50,
};
const MAX_TEXT = 300;

/** PostgreSQL can store neither NUL nor lone surrogates, and a broken source may contain both. */
export const storable = (text: string): string => text.replaceAll('\0', '\u{fffd}').toWellFormed();
const cut = (text: string): string => storable(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

const storedRemark = ({ place, detail }: Remark): StoredGroup['remarks'][number] => ({
  place: cut(place),
  ...(detail === undefined || detail === '' ? {} : { detail: cut(detail) }),
});

function groupsOf(report: ImportReport, kind: Remark['kind']): StoredGroup[] {
  const groups = report.groups(kind).slice(0, MAX_GROUPS_OF_A_KIND);
  return groups.map(({ what, remarks }) => ({
    ...{ kind, what: cut(what), count: remarks.length },
    remarks: remarks.slice(0, MAX_REMARKS[kind]).map(storedRemark),
  }));
}

/**
 * @param stored the posts that the job stored, in all its attempts. A later attempt finds those of an earlier one and
 * counts them as unchanged.
 */
export function storedReport(
  report: ImportReport,
  stored: { readonly imported: number; readonly drafts: number },
): StoredReport {
  const { format, authors } = report;
  const unchanged = report.unchanged - (stored.imported - report.imported);
  return {
    ...{ format, imported: stored.imported, drafts: stored.drafts, unchanged },
    ...{ broken: report.count('broken'), left_out: report.count('left out') },
    authors: authors.slice(0, MAX_AUTHORS).map((author) => ({ ...author, name: cut(author.name) })),
    groups: KINDS.flatMap((kind) => groupsOf(report, kind)),
  };
}
