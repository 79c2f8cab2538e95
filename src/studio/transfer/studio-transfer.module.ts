import { Module } from '@nestjs/common';
import { TransferJobsModule } from '../../transfer/jobs/transfer-jobs.module.js';
import { TransferModule } from '../../transfer/transfer.module.js';
import { StudioTransferController } from './studio-transfer.controller.js';

/** The pages to import and to export. */
@Module({ imports: [TransferModule, TransferJobsModule], controllers: [StudioTransferController] })
export class StudioTransferModule {}
