import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { IgnoresCredentials } from '../platform/access/access.js';
import { Documents } from '../platform/openapi/documents.js';
import { DirectoryQueries } from './directory.queries.js';
import {
  type DirectoryAnswer,
  type DirectoryIds,
  directoryIdsSchema,
  directoryNameSchema,
  directorySessionSchema,
  type NamesAnswer,
} from './directory.schemas.js';
import { InternalTokenGuard } from './internal-token.guard.js';

/** Requests from the blog side to the users side. Not part of the API. */
@Controller('internal/directory')
@Documents({ isHidden: true })
@IgnoresCredentials()
@UseGuards(InternalTokenGuard)
export class DirectoryController {
  constructor(private readonly queries: DirectoryQueries) {}

  @Get('names')
  names(@Query({ schema: directoryIdsSchema }) { ids }: DirectoryIds): Promise<NamesAnswer> {
    return this.queries.names(ids);
  }

  @Get('ids/:username')
  id(@Param({ schema: directoryNameSchema }) { username }: { username: string }): Promise<DirectoryAnswer> {
    return this.queries.idOf(username);
  }

  @Get('sessions/:id')
  session(@Param({ schema: directorySessionSchema }) { id }: { id: string }): Promise<DirectoryAnswer> {
    return this.queries.session(id);
  }
}
