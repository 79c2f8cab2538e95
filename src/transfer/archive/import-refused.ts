/** Why an upload was not imported. Pages name the reason in the reader's language. */
export type RefusalReason =
  | 'archive_damaged'
  | 'archive_encrypted'
  | 'archive_path'
  | 'archive_link'
  | 'archive_twice'
  | 'archive_too_many'
  | 'archive_too_large'
  | 'archive_bomb'
  | 'unreadable'
  | 'ghost_too_large'
  | 'report_too_long'
  | 'upload_incomplete'
  | 'workers_died'
  | 'server';

/** An upload cannot be imported, now or later. Nothing of it was imported, unless posts came before the fault. */
export class ImportRefused extends Error {
  /** @param detail about this upload: the path of a file, or the message of its reader */
  constructor(
    readonly reason: RefusalReason,
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(detail === '' ? reason : `${reason}: ${detail}`, options);
  }
}
