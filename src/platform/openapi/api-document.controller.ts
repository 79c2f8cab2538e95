import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { apiDocumentText } from './api-document.js';

/** A route like any other, so that credentials that are sent along are checked. */
@Controller()
@ApiExcludeController()
export class ApiDocumentController {
  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  show(): string {
    return apiDocumentText;
  }
}
