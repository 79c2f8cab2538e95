import type { ZodType } from 'zod';

/** What the API document says of a handler, or of all of a controller, that Nest does not know by itself. */
export interface Documentation {
  readonly answers?: readonly DocumentedAnswer[];
  /** Asks for credentials. */
  readonly isProtected?: boolean;
  /** Stands in no document. */
  readonly isHidden?: boolean;
}

interface DocumentedAnswer {
  readonly status: number;
  /** Shape of the JSON. */
  readonly schema?: ZodType | undefined;
  /** Type of a body that is not JSON. */
  readonly mediaType?: string;
}

/** Read by `npm run generate`. */
export const DOCUMENTATION = 'inkwell:documentation';

/** Says something for the API document, in addition to what has been said. */
export const Documents =
  ({ answers = [], ...more }: Documentation): MethodDecorator & ClassDecorator =>
  (target: object, _key?: unknown, descriptor?: PropertyDescriptor): void => {
    const about = (descriptor?.value ?? target) as object;
    const said = Reflect.getOwnMetadata(DOCUMENTATION, about) as Documentation | undefined;
    const documentation = { ...said, ...more, answers: [...(said?.answers ?? []), ...answers] };
    Reflect.defineMetadata(DOCUMENTATION, documentation satisfies Documentation, about);
  };
