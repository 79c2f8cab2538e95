import { Module } from '@nestjs/common';
import { BlogModule } from '../blog/blog.module.js';
import { UsersModule } from '../users/users.module.js';
import { AuthorAccounts } from './author-accounts.service.js';
import { ExportService } from './export.service.js';
import { ImportService } from './import.service.js';
import { ImportedPostsQueries } from './imported-posts.queries.js';
import { PostWriter } from './post-writer.service.js';
import { SeedService } from './seed.service.js';

/** Import and export of blogs, for commands and for jobs. */
@Module({
  imports: [BlogModule, UsersModule],
  providers: [AuthorAccounts, ExportService, ImportService, ImportedPostsQueries, PostWriter, SeedService],
  exports: [ExportService, ImportService, SeedService],
})
export class TransferModule {}
