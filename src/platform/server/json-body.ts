import type { FastifyInstance } from 'fastify';
import { Problem } from '../errors/problem.js';

/** 200,000 characters of content as JSON escapes of 6 bytes, and the rest. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
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

/** Reads `application/json` bodies, and no others: anything else is answered with 415. */
export function registerJsonBody(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, body, done) => {
      try {
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
