import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { readFileSync } from 'node:fs';

/** Made from the schemas and the comments of the handlers by `npm run generate`; `npm run check` fails when it is old. */
const document = JSON.parse(
  readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
) as OpenAPIObject;

/** `/openapi.json`, and `/docs` for people. Nothing of it comes from elsewhere. */
export function serveApiDocument(app: INestApplication): void {
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Inkwell API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, validatorUrl: null },
  });
}
