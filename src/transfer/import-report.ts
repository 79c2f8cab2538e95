import type { Remark, SourcePost } from './source.js';

export interface AuthorAccount {
  /** As the source shows it. */
  readonly name: string;
  readonly username: string;
  readonly isNew: boolean;
}

/** Remarks of one kind that say the same thing. */
export interface RemarkGroup {
  readonly what: string;
  readonly remarks: readonly Remark[];
}

/** What an import did, or in a dry run would do. */
export class ImportReport {
  private importedCount = 0;
  private draftCount = 0;
  /** Imported before; whatever became of them since was left alone. */
  unchanged = 0;
  readonly authors: AuthorAccount[] = [];
  readonly remarks: Remark[] = [];

  /** @param format of the source */
  constructor(readonly format: string) {}

  get imported(): number {
    return this.importedCount;
  }

  /** Among the imported. */
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
