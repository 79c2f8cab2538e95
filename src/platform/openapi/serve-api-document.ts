import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { apiDocument } from './api-document.js';

/** `/docs`, the document for people. Nothing of it comes from elsewhere. */
export function serveApiDocument(app: INestApplication): void {
  SwaggerModule.setup('docs', app, apiDocument, {
    raw: false,
    customSiteTitle: 'Inkwell API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, validatorUrl: null },
  });
}
