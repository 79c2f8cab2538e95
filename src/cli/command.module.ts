import { type DynamicModule, Module } from '@nestjs/common';
import { AppModule } from '../app.module.js';
import type { Config } from '../config.js';
import { TransferModule } from '../transfer/transfer.module.js';

/** The application with additional modules for commands, which a server need not load. */
@Module({})
export class CommandModule {
  static forRoot(config: Config): DynamicModule {
    return { module: CommandModule, imports: [AppModule.forRoot(config), TransferModule] };
  }
}
