import type { FastifyInstance } from 'fastify';
import { Problem } from '../errors/problem.js';
import { DEFAULT_BODY_LIMIT } from './body-limit.js';
import { isByCookie } from './route-rules.js';

const FORM = 'application/x-www-form-urlencoded';
const MAX_FIELDS = 1_000;
const REPLACEMENT = '\ufffd';

/** The fields of a form as a browser sends it. A name that occurs several times has a list. */
export type FormBody = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @throws Problem 400 if the text cannot be stored */
export function fieldsOf(body: string): FormBody {
  const fields = new Map<string, string | string[]>();
  const pairs = [...new URLSearchParams(body)];
  if (pairs.length > MAX_FIELDS) throw new Problem({ code: 'request.too_many_values' });
  for (const [name, value] of pairs) {
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? value : [earlier, value].flat());
  }
  const text = pairs.flat().join('');
  if (text.includes('\0')) throw new Problem({ code: 'request.invalid_text' });
  // Decoding replaces what is not UTF-8.
  if (text.includes(REPLACEMENT) && !/%EF%BF%BD|\ufffd/i.test(body))
    throw new Problem({ code: 'request.invalid_utf8' });
  return Object.fromEntries(fields);
}

/** Accepts the forms of pages that a cookie authenticates. Everywhere else a form is answered with 415. */
export function registerFormBody(server: FastifyInstance): void {
  server.addContentTypeParser(
    FORM,
    { parseAs: 'string', bodyLimit: DEFAULT_BODY_LIMIT },
    (request, body, done) => {
      try {
        if (!isByCookie(request)) throw new Problem({ code: 'request.unsupported_media_type' });
        done(null, fieldsOf(body as string));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}
