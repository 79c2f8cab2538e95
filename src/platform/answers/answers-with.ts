import { applyDecorators, HttpCode } from '@nestjs/common';
import type { ZodType } from 'zod';
import { Documents } from '../openapi/documents.js';

/** The status of a handler's success and the shape of its body, for clients and for the API document. */
export const AnswersWith = (status: number, schema?: ZodType): MethodDecorator =>
  applyDecorators(HttpCode(status), Documents({ answers: [{ status, schema }] }));
