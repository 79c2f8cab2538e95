import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from '../../dist/app.module.js';
import { Config } from '../../dist/config.js';
import { buildInfo } from '../../dist/platform/build-info/build-info.js';
import { annotateHandlers } from './annotate.js';
import { TAGS } from './operations.js';
import { tidyOperation } from './tidy-operation.js';
import { tidySchema } from './tidy-schema.js';

const DESCRIPTION = `Accounts, sessions, posts and categories.

JSON with \`snake_case\` members and UTC times. Errors are problem documents (RFC 9457). Unknown members and query
parameters are refused. Credentials are checked wherever they are sent, also where none are needed.`;

const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  required: ['type', 'title', 'status', 'instance', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:inkwell:problem:post.not_found'] },
    title: { type: 'string', description: 'The same for every occurrence of the code.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What happened this time.' },
    instance: { type: 'string', description: 'The path of the request.' },
    code: { type: 'string', description: 'Stable, for programs.', examples: ['post.not_found'] },
    request_id: { type: 'string', description: 'As in `X-Request-Id`; identifies the request in the log.' },
    errors: {
      type: 'array',
      description: 'The members of the request that were refused.',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer (RFC 6901).', examples: ['/title'] },
          detail: { type: 'string' },
        },
      },
    },
  },
};

/** In preview Nest builds the routes and nothing behind them: neither a database nor a secret is needed. */
async function scan() {
  const config = Config.from({ NODE_ENV: 'test', DATABASE_URL: 'postgres://none.invalid/none' });
  const app = await NestFactory.create(AppModule.forRoot(config), new FastifyAdapter(), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  annotateHandlers(app);
  const head = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Inkwell')
    .setDescription(DESCRIPTION)
    .setVersion(buildInfo.version)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addBearerAuth()
    .build();
  const operationIdFactory = (controller, method) => `${controller}.${method}`;
  return SwaggerModule.createDocument(app, head, { operationIdFactory });
}

const mapValues = (record, change) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** docs/openapi.json, from the schemas that validate requests and the comments above the handlers. */
export async function openApiDocument() {
  const { openapi, info, servers, paths, components } = await scan();
  const document = {
    openapi,
    info,
    servers,
    tags: TAGS,
    paths: mapValues(paths, (path) => mapValues(path, tidyOperation)),
    components: {
      securitySchemes: components.securitySchemes,
      schemas: { ...mapValues(components.schemas, (schema) => tidySchema(schema)), Problem: PROBLEM },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
