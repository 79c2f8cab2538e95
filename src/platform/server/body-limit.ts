import { applyDecorators, SetMetadata } from '@nestjs/common';

const KIB = 1024;

/** The default limit: the fields of a form, with every character as a JSON escape. */
export const DEFAULT_BODY_LIMIT = 32 * KIB;
export const CREDENTIALS_BODY_LIMIT = 4 * KIB;
/**
 * Room for 200,000 characters of content as JSON escapes (12 bytes each beyond the basic plane), and for the other
 * members.
 */
export const POST_BODY_LIMIT = 3 * KIB * KIB;

/** Read once per route, when the server starts. */
export const BODY_LIMIT = 'inkwell:body-limit';

/** Limits the size of request bodies in bytes. A larger body is refused with 413 and not read. */
export const BodyLimit = (bytes: number): MethodDecorator => SetMetadata(BODY_LIMIT, bytes);

export const IS_STREAMED = 'inkwell:is-streamed';

/**
 * Like BodyLimit, for a body that the handler reads as a stream. It takes no memory, and may take its time as long as it
 * keeps arriving.
 */
export const StreamedBody = (bytes: number): MethodDecorator =>
  applyDecorators(BodyLimit(bytes), SetMetadata(IS_STREAMED, true));
