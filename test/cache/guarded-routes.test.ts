import { expect, it } from '@jest/globals';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { AppModule } from '../../src/app.module.js';
import { Config } from '../../src/config.js';
import { Answer } from '../../src/platform/responses/answer.js';
import { Cached } from '../../src/platform/responses/cached.decorator.js';
import { createApp } from '../../src/platform/server/create-app.js';
import { createTestDatabase } from '../support/test-database.js';

@Controller('secrets')
class SecretsController {
  @Get()
  @UseGuards({ canActivate: () => true })
  @Cached({ cache: 'posts', ttlSeconds: 60 })
  list(): Answer {
    return new Answer({ body: '[]', tags: [], snapshot: '1:1:' });
  }
}

@Module({})
class Root {}

it('a cached handler with a guard keeps the application from starting: hits would not pass the guard', async () => {
  const database = await createTestDatabase();
  const config = Config.from({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    LOG_LEVEL: 'fatal',
    WELCOME: 'false',
  });
  const imports = [AppModule.forRoot(config)];
  const app = await createApp({ module: Root, imports, controllers: [SecretsController] }, config);
  try {
    await expect(app.init()).rejects.toThrow(
      'SecretsController.list has @Cached, but hits would bypass its other metadata: __guards__',
    );
  } finally {
    await app.close();
    await database.drop();
  }
});
