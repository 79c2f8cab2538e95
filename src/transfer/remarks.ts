import type { Remark } from './source.js';

/** Collects remarks about one post while it is read. */
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

/** A post that cannot be read or stored. The source's reader reports it and continues with the next one. */
export class BrokenPost extends Error {
  /**
   * @param line of the file, from 1
   * @param what the same text for every occurrence
   * @param detail about this occurrence
   */
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
