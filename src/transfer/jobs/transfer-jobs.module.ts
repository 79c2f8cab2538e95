import { Module } from '@nestjs/common';
import { TransferModule } from '../transfer.module.js';
import { ImportFiles } from './import-files.queries.js';
import { ImportJobsQueries } from './import-jobs.queries.js';
import { ImportJobsService, ImportUpkeep } from './import-jobs.service.js';
import { ImportQueue } from './import-queue.queries.js';
import { ImportRun } from './import-run.service.js';
import { ImportWorker } from './import-worker.service.js';

/** Imports of uploaded files, which any replica performs. */
@Module({
  imports: [TransferModule],
  providers: [
    ImportFiles,
    ImportJobsQueries,
    ImportJobsService,
    ImportQueue,
    ImportRun,
    ImportUpkeep,
    ImportWorker,
  ],
  exports: [ImportJobsService],
})
export class TransferJobsModule {}
