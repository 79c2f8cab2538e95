import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from '../../dist/app.module.js';
import { Config } from '../../dist/config.js';
import { buildInfo } from '../../dist/platform/build-info/build-info.js';
import { annotateHandlers } from './annotate.js';
import { HEADERS } from './headers.js';
import { TAGS } from './operations.js';
import { examplesOf, PROBLEM } from './problems.js';
import { shareResponses } from './share-responses.js';
import { tidyOperation } from './tidy-operation.js';
import { tidySchema } from './tidy-schema.js';

const DESCRIPTION = `Accounts, sessions, posts and categories.

JSON with \`snake_case\` members and UTC times. Errors are problem documents (RFC 9457). Unknown members and query
parameters are refused. Credentials are checked wherever they are sent, also where none are needed.`;

const BEARER =
  'The `token` of `login` and `refresh`: a JWT of ten minutes, checked as RFC8725 says: one algorithm, type, issuer and audience.';

/** In preview mode, Nest builds the routes and nothing behind them, so neither a database nor a secret is needed. */
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
    .addBearerAuth()
    .build();
  const operationIdFactory = (controller, method) => `${controller}.${method}`;
  return SwaggerModule.createDocument(app, head, { operationIdFactory });
}

const mapValues = (record, change) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

/** docs/openapi.json, from the schemas that validate requests and the comments above the handlers. */
export async function openApiDocument() {
  const { openapi, info, paths, components } = await scan();
  const { contact: _, ...about } = info;
  const schemas = mapValues(components.schemas, (schema) => tidySchema(schema));
  const operations = mapValues(paths, (path) =>
    mapValues(path, (operation, method) => tidyOperation(operation, method, schemas)),
  );
  const examples = examplesOf(operations);
  const responses = shareResponses(operations);
  const document = {
    openapi,
    info: about,
    servers: [{ url: '/', description: 'The server that this document comes from.', 'x-internal': false }],
    tags: TAGS,
    paths: operations,
    components: {
      securitySchemes: { bearer: { ...components.securitySchemes.bearer, description: BEARER } },
      headers: HEADERS,
      examples,
      responses,
      schemas: { ...schemas, Problem: PROBLEM },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
