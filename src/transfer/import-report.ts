import type { Remark, SourcePost } from './source.js';

export interface AuthorAccount {
  /** As in the source. */
  readonly name: string;
  readonly username: string;
  readonly isNew: boolean;
}

/** Remarks of one kind with the same text. */
export interface RemarkGroup {
  readonly what: string;
  readonly remarks: readonly Remark[];
}

/** The result of an import, or of a dry run: what an import would do. */
export class ImportReport {
  private importedCount = 0;
  private draftCount = 0;
  /** Posts imported before. They were not touched, whatever became of them since. */
  unchanged = 0;
  readonly authors: AuthorAccount[] = [];
  readonly remarks: Remark[] = [];

  /** @param format of the source */
  constructor(readonly format: string) {}

  get imported(): number {
    return this.importedCount;
  }

  /** The number of drafts among the imported posts. */
  get drafts(): number {
    return this.draftCount;
  }

  countImported(status: SourcePost['status']): void {
    this.importedCount += 1;
    if (status === 'draft') this.draftCount += 1;
  }

  count(kind: Remark['kind']): number {
    return this.remarks.filter((remark) => remark.kind === kind).length;
  }

  toJSON(): object {
    const { format, imported, drafts, unchanged, authors, remarks } = this;
    const [broken, leftOut] = [this.count('broken'), this.count('left out')];
    return { format, imported, drafts, unchanged, broken, left_out: leftOut, authors, remarks };
  }

  /** The largest groups first. */
  groups(kind: Remark['kind']): RemarkGroup[] {
    const groups = Map.groupBy(
      this.remarks.filter((remark) => remark.kind === kind),
      (remark) => remark.what,
    );
    return Array.from(groups, ([what, remarks]) => ({ what, remarks })).sort(
      (a, b) => b.remarks.length - a.remarks.length,
    );
  }
}
