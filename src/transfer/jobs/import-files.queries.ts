import { Injectable } from '@nestjs/common';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Pool } from 'pg';
import { ImportRefused } from '../archive/import-refused.js';
import type { LeasedImport } from './import-queue.queries.js';

/** As in the table's constraint. */
const CHUNK_BYTES = 1024 ** 2;
/** An upload that brings nothing for so long is abandoned. */
const UPLOAD_LEASE = `interval '2 minutes'`;

const ADD = `
  WITH upload AS (
    UPDATE import_jobs SET bytes = bytes + octet_length($3::bytea), leased_until = now() + ${UPLOAD_LEASE}
    WHERE id = $1 AND state = 'uploading' RETURNING id)
  INSERT INTO import_chunks (job_id, position, bytes) SELECT id, $2::integer, $3::bytea FROM upload`;
const READ = 'SELECT bytes FROM import_chunks WHERE job_id = $1 AND position = $2';

/** Splits a stream into chunks of CHUNK_BYTES. Only the last one is shorter. */
async function* chunksOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of bytes) {
    parts.push(part);
    length += part.length;
    if (length < CHUNK_BYTES) continue;
    const joined = Buffer.concat(parts);
    let at = 0;
    for (; at + CHUNK_BYTES <= joined.length; at += CHUNK_BYTES) yield joined.subarray(at, at + CHUNK_BYTES);
    parts = [joined.subarray(at)];
    length = joined.length - at;
  }
  if (length > 0) yield Buffer.concat(parts);
}

/** The uploaded files, in the database, where every replica can read them. */
@Injectable()
export class ImportFiles {
  constructor(private readonly pool: Pool) {}

  /**
   * Stores a file while it arrives: memory holds one or two chunks.
   * @throws ImportRefused if the job was deleted; what `bytes` throws
   */
  async store(jobId: number, bytes: AsyncIterable<Buffer>): Promise<void> {
    let position = 0;
    for await (const chunk of chunksOf(bytes)) {
      const { rowCount } = await this.pool.query(ADD, [jobId, position, chunk]);
      if (rowCount === 0) throw new ImportRefused('upload_incomplete');
      position += 1;
    }
  }

  /**
   * Writes the file of a job to this machine.
   * @throws ImportRefused if it is incomplete; what `signal` is aborted with
   */
  async writeTo(path: string, { id, bytes }: LeasedImport, signal: AbortSignal): Promise<void> {
    const file = createWriteStream(path, { flags: 'wx' });
    try {
      for (let position = 0; position * CHUNK_BYTES < bytes; position += 1) {
        signal.throwIfAborted();
        const { rows } = await this.pool.query<{ bytes: Buffer }>(READ, [id, position]);
        if (rows[0] === undefined) throw new ImportRefused('upload_incomplete');
        if (!file.write(rows[0].bytes)) await once(file, 'drain', { signal });
      }
    } finally {
      file.end();
      await finished(file);
    }
  }
}
