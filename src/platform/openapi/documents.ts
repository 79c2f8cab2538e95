import { applyDecorators, HttpCode } from '@nestjs/common';
import type { ZodType } from 'zod';

/** The status of a handler's success and the schema of its body, for clients and for the API document. */
export const AnswersWith = (status: number, schema?: ZodType): MethodDecorator =>
  applyDecorators(HttpCode(status), Documents({ answers: [{ status, schema }] }));

/** What the API document says about a handler, or about all handlers of a controller, beyond what Nest knows. */
export interface Documentation {
  readonly answers?: readonly DocumentedAnswer[];
  /** The route needs credentials. */
  readonly isProtected?: boolean;
  /** Leaves the route out of the document. */
  readonly isHidden?: boolean;
}

interface DocumentedAnswer {
  readonly status: number;
  /** The schema of the JSON. */
  readonly schema?: ZodType | undefined;
  /** The type of a body that is not JSON. */
  readonly mediaType?: string;
}

/** Read by `npm run generate`. */
export const DOCUMENTATION = 'inkwell:documentation';

/** Adds to what the API document says. */
export const Documents =
  ({ answers = [], ...more }: Documentation): MethodDecorator & ClassDecorator =>
  (target: object, _key?: unknown, descriptor?: PropertyDescriptor): void => {
    const about = (descriptor?.value ?? target) as object;
    const existing = Reflect.getOwnMetadata(DOCUMENTATION, about) as Documentation | undefined;
    const documentation = { ...existing, ...more, answers: [...(existing?.answers ?? []), ...answers] };
    Reflect.defineMetadata(DOCUMENTATION, documentation satisfies Documentation, about);
  };
