import { Controller, Get, Header } from '@nestjs/common';
import { apiDocumentText } from './api-document.js';
import { Documents } from './documents.js';
import { problemList } from './problem-list.js';

/** Ordinary routes, so that credentials sent to them are checked. */
@Controller()
@Documents({ isHidden: true })
export class ApiDocumentController {
  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  show(): string {
    return apiDocumentText;
  }

  @Get('problems')
  @Header('content-type', 'text/html; charset=utf-8')
  problems(): string {
    return problemList;
  }
}
