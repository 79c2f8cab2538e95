import { Body, Controller, Delete, Get, Injectable, Module, Param, Put, Query } from '@nestjs/common';
import { Pool } from 'pg';
import { z } from 'zod';
import { Answer } from '../../src/platform/responses/answer.js';
import { Cached } from '../../src/platform/responses/cached.decorator.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { Problem } from '../../src/platform/errors/problem.js';
import { defineEvent } from '../../src/platform/outbox/define-event.js';
import { headersOfCaller } from '../../src/platform/http/call-context.js';

/** A minimal feature with loads that tests can hold: the behaviour of the cache without the blog's. */
const paramsSchema = z.strictObject({ id: z.coerce.number().int() });
const querySchema = z.strictObject({
  limit: z.coerce.number().int().default(20),
  order: z.enum(['asc', 'desc']).default('asc'),
});
const bodySchema = z.strictObject({ text: z.string() });

const NoteRevised = defineEvent('note.revised', ({ id }: { id: number }) => [`note:${id}`, 'notes']);

@Injectable()
export class Loads {
  count = 0;
  /** Loads that have read their row. */
  read = 0;
  /** The headers that outgoing calls of the last load would carry. */
  caller: Readonly<Record<string, string>> = {};
  /** Awaited after the row was read and before the answer is made. If it rejects, the load fails. */
  gate: Promise<void> = Promise.resolve();
}

@Controller('notes')
class NotesController {
  constructor(
    private readonly pool: Pool,
    private readonly transactions: TransactionRunner,
    private readonly loads: Loads,
  ) {}

  @Get()
  @Cached({ cache: 'posts', ttlSeconds: 60, query: querySchema })
  async list(@Query({ schema: querySchema }) { limit }: z.output<typeof querySchema>): Promise<Answer> {
    const row = await this.read(
      `SELECT pg_current_snapshot()::text AS snapshot, coalesce(json_agg(n), '[]')::text AS body
      FROM (SELECT id, text FROM notes ORDER BY id LIMIT $1) AS n`,
      [limit],
    );
    return new Answer({
      body: row.body!,
      tags: ['notes'],
      snapshot: row.snapshot,
      headers: { link: '</notes>; rel="next"' },
    });
  }

  @Get(':id')
  @Cached({ cache: 'post', ttlSeconds: 60, params: paramsSchema })
  async get(@Param({ schema: paramsSchema }) { id }: { id: number }): Promise<Answer> {
    const row = await this.read(
      `SELECT pg_current_snapshot()::text AS snapshot, (SELECT row_to_json(n)::text FROM notes AS n WHERE id = $1) AS body`,
      [id],
    );
    const tags = [`note:${id}`];
    const { body, snapshot } = row;
    if (body === null) {
      throw new Problem({ code: 'post.not_found', absence: { tags, snapshot } });
    }
    return new Answer({ body, tags, snapshot, version: 1 });
  }

  @Put(':id')
  async put(
    @Param({ schema: paramsSchema }) { id }: { id: number },
    @Body({ schema: bodySchema }) { text }: { text: string },
  ): Promise<{ id: number }> {
    return this.transactions.run(async (tx) => {
      await tx.query('INSERT INTO notes VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET text = $2', [
        id,
        text,
      ]);
      tx.record(NoteRevised({ id }));
      return { id };
    });
  }

  @Delete(':id')
  async delete(@Param({ schema: paramsSchema }) { id }: { id: number }): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.query('DELETE FROM notes WHERE id = $1', [id]);
      tx.record(NoteRevised({ id }));
    });
  }

  private async read(sql: string, parameters: unknown[]): Promise<{ snapshot: string; body: string | null }> {
    this.loads.count += 1;
    this.loads.caller = headersOfCaller();
    const { gate } = this.loads;
    const { rows } = await this.pool.query<{ snapshot: string; body: string | null }>(sql, parameters);
    this.loads.read += 1;
    await gate;
    return rows[0]!;
  }
}

@Module({ controllers: [NotesController], providers: [Loads] })
export class NotesModule {}

export const NOTES_TABLE = 'CREATE TABLE notes (id integer PRIMARY KEY, text text NOT NULL)';

/** Writes a note over HTTP. */
export const putNote = (url: string, id: number, text: string): Promise<Response> =>
  fetch(`${url}/notes/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });
