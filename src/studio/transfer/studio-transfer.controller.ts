import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import { ValidationFailed } from '../../platform/errors/validation-failed.js';
import { StreamedBody } from '../../platform/server/body-limit.js';
import { ExportService } from '../../transfer/export.service.js';
import { ImportJobsService, MAX_UPLOAD_BYTES } from '../../transfer/jobs/import-jobs.service.js';
import { answerForm } from '../form.js';
import { transferTexts } from '../texts/transfer.js';
import { receiveForm, TakesUpload } from '../uploads.js';
import { CurrentVisit, textsOf, type Visit } from '../visit.js';
import { importPage } from './import-page.js';
import { transferPage } from './transfer-page.js';

/** For the parts of the form around the file. */
const FORM_BYTES = 8_192;
const MAX_ID = 2_147_483_647;

const idSchema = z.strictObject({ id: z.coerce.number().int().min(1).max(MAX_ID) });

/** Import by uploading and export as a download, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/transfer')
export class StudioTransferController {
  constructor(
    private readonly jobs: ImportJobsService,
    private readonly exports: ExportService,
  ) {}

  @Get()
  async show(@CurrentVisit() visit: Visit): Promise<string> {
    return transferPage(visit, await this.jobs.list());
  }

  @Post()
  @TakesUpload()
  @StreamedBody(MAX_UPLOAD_BYTES + FORM_BYTES)
  upload(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const { file: id } = await receiveForm(request, MAX_UPLOAD_BYTES, ({ name, bytes }, fields) =>
          this.jobs.accept(
            {
              ...{ fileName: name, bytes },
              isDryRun: fields['dry_run'] === 'true',
              shouldNotify: fields['notify'] === 'true',
            },
            principal,
          ),
        );
        const missing = { pointer: '/file', detail: textsOf(visit, transferTexts).file };
        if (id === undefined) throw new ValidationFailed([missing]);
        return `/studio/transfer/${id}`;
      },
      async (errors) => {
        // A browser may show the answer only once it has sent the whole file.
        request.raw.resume();
        return transferPage(visit, await this.jobs.list(), errors);
      },
    );
  }

  /** Reads and sends a hundred posts at a time, as fast as the browser takes them. */
  @Post('export')
  @HttpCode(200)
  export(@Res() reply: FastifyReply): void {
    const name = `export-${new Date().toISOString().slice(0, 10)}.zip`;
    void reply
      .headers({ 'content-type': 'application/zip', 'content-disposition': `attachment; filename="${name}"` })
      .send(Readable.from(this.exports.archive(), { objectMode: false }));
  }

  @Get(':id')
  async showImport(
    @CurrentVisit() visit: Visit,
    @Param({ schema: idSchema }) { id }: { id: number },
  ): Promise<string> {
    return importPage(visit, await this.jobs.get(id));
  }

  @Post(':id/cancel')
  cancel(
    @CurrentVisit() visit: Visit,
    @Param({ schema: idSchema }) { id }: { id: number },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        await this.jobs.cancel(id);
        return `/studio/transfer/${id}`;
      },
      async (errors) => transferPage(visit, await this.jobs.list(), errors),
    );
  }
}
