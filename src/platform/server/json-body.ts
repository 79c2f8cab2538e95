import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';

/** 200,000 characters of content as JSON escapes, 12 bytes for those beyond the basic plane, and the rest. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;
const MAX_DEPTH = 32;

class BodyRefused extends Problem {
  constructor(code: string, detail: string) {
    super({ status: 400, code, title: 'The request body is not valid', detail });
  }
}

const isPlainText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** PostgreSQL cannot keep NUL, UTF-8 cannot carry a lone surrogate, and no document of ours is deep. */
function assertStorable(document: unknown): void {
  const pending: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isPlainText(value)) {
      throw new BodyRefused('request.invalid_text', 'Text may contain neither NUL nor lone surrogates.');
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth === MAX_DEPTH)
      throw new BodyRefused('request.too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    for (const [key, member] of Object.entries(value)) {
      pending.push({ value: key, depth: depth + 1 }, { value: member, depth: depth + 1 });
    }
  }
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new Problem({
      status: 400,
      code: 'request.invalid_utf8',
      title: 'The request body is not valid',
      detail: 'The body is not UTF-8.',
      cause,
    });
  }
}

/** JSON is UTF-8 (RFC 8259 §8.1), and nothing here decompresses. @throws 415 on what says it is something else */
function assertPlainUtf8(request: FastifyRequest): void {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = request.headers;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (['utf-8', 'utf8', 'us-ascii'].includes(charset) && coding.toLowerCase() === 'identity') return;
  throw new Problem({
    status: 415,
    code: 'request.unsupported_media_type',
    title: 'Unsupported Media Type',
    detail: 'The body must be application/json in UTF-8, without a Content-Encoding.',
  });
}

/** Reads `application/json` bodies, and no others: anything else is answered with 415. */
export function registerJsonBody(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, body, done) => {
      try {
        assertPlainUtf8(request);
        // `parseAs: 'buffer'` gives a Buffer; the type of the callback does not know.
        void parse(request, textOf(body as Buffer), (error, document) => {
          if (error !== null) return done(error);
          assertStorable(document);
          done(null, document);
        });
      } catch (error) {
        done(error as Error);
      }
    },
  );
}
