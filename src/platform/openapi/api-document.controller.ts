import { Controller, Get, Header } from '@nestjs/common';
import { apiDocumentText } from './api-document.js';
import { Documents } from './documents.js';

/** A route like any other, so that credentials that are sent along are checked. */
@Controller()
@Documents({ isHidden: true })
export class ApiDocumentController {
  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  show(): string {
    return apiDocumentText;
  }
}
