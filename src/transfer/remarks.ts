import type { Remark } from './source.js';

/** Collects what there is to say about one post while it is read. */
export class Remarks {
  readonly list: Remark[] = [];

  constructor(readonly place: string) {}

  notKept(what: string, detail?: string): void {
    this.add('not kept', what, detail);
  }

  changed(what: string, detail?: string): void {
    this.add('changed', what, detail);
  }

  private add(kind: Remark['kind'], what: string, detail: string | undefined): void {
    this.list.push({ kind, what, place: this.place, ...(detail === undefined ? {} : { detail }) });
  }
}

/** A post that cannot be read or kept. Whoever reads the source catches it, reports it, and goes on with the next. */
export class BrokenPost extends Error {
  /** @param line of the file, from 1 @param what the same words for every occurrence @param detail this one's own */
  constructor(
    readonly what: string,
    readonly options: { readonly line?: number; readonly detail?: string } = {},
  ) {
    super(what);
  }

  asRemark(file: string): Remark {
    const { line, detail } = this.options;
    const place = line === undefined ? file : `${file}:${line}`;
    return { kind: 'broken', what: this.what, place, ...(detail === undefined ? {} : { detail }) };
  }
}
