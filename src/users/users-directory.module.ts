import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../config.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DirectoryController } from './directory.controller.js';
import { DirectoryQueries } from './directory.queries.js';
import { HttpUsersDirectory } from './http-users-directory.service.js';
import { LocalUsersDirectory } from './local-users-directory.service.js';
import { UsersDirectory } from './users-directory.service.js';

/** The directory of accounts, wherever they are served. */
@Module({})
export class UsersDirectoryModule {
  static forRole(role: Config['role']): DynamicModule {
    const isElsewhere = role === 'blog';
    return {
      module: UsersDirectoryModule,
      global: true,
      imports: isElsewhere ? [] : [SessionsModule],
      // Only the blog side sends requests here, over the network.
      controllers: role === 'users' ? [DirectoryController] : [],
      providers: isElsewhere
        ? [{ provide: UsersDirectory, useClass: HttpUsersDirectory }]
        : [DirectoryQueries, { provide: UsersDirectory, useClass: LocalUsersDirectory }],
      exports: [UsersDirectory],
    };
  }
}
