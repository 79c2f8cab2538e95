import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { ZodType } from 'zod';

/** The status of a handler's success and the shape of its body, for clients and for the API document. */
export const AnswersWith = (status: number, schema?: ZodType): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    ApiResponse({ status, ...(schema === undefined ? {} : { standardSchema: schema }) }),
  );
