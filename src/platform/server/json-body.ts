import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { Problem } from '../errors/problem.js';
import { DEFAULT_BODY_LIMIT } from './body-limit.js';
import { MAX_DEPTH, MAX_VALUES, outlineFault } from './json-outline.js';

const BYTE_ORDER_MARK = 0xfeff;

const malformed = (cause?: unknown): Problem =>
  new Problem({ code: 'request.malformed', detail: 'The body is not valid JSON.', cause });
const invalidText = (): Problem => new Problem({ code: 'request.invalid_text' });
const FAULTS = { 'too deep': 'request.too_deep', 'too many values': 'request.too_many_values' } as const;
const tooMuch = (fault: keyof typeof FAULTS): Problem => new Problem({ code: FAULTS[fault] });

/** For a short text, a loop over its characters is faster than a native search. */
const SHORT_TEXT = 16;
const FIRST_SURROGATE = 0xd800;

/** PostgreSQL cannot store NUL, and UTF-8 cannot encode a lone surrogate. */
function isPlainText(text: string): boolean {
  if (text.length <= SHORT_TEXT && isSurelyPlain(text)) return true;
  return text.isWellFormed() && !text.includes('\0');
}

function isSurelyPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0 || code >= FIRST_SURROGATE) return false;
  }
  return true;
}

/** Copying such a member would change the prototype of its target. */
const isPoison = (key: string, member: unknown): boolean =>
  key === '__proto__' ||
  (key === 'constructor' &&
    typeof member === 'object' &&
    member !== null &&
    Object.hasOwn(member, 'prototype'));

/** @param depth the number of enclosing arrays and objects @throws Problem */
function assertHarmless(value: object, depth: number): void {
  if (depth === MAX_DEPTH) throw tooMuch('too deep');
  if (Array.isArray(value)) {
    for (const member of value) assertHarmlessMember(member, depth + 1);
    return;
  }
  // `for in` takes half the time and memory of `Object.entries`. Objects from `JSON.parse` inherit no members.
  for (const key in value) {
    const member: unknown = value[key as keyof typeof value];
    if (isPoison(key, member)) throw malformed();
    if (!isPlainText(key)) throw invalidText();
    assertHarmlessMember(member, depth + 1);
  }
}

function assertHarmlessMember(member: unknown, depth: number): void {
  if (typeof member === 'string') {
    if (!isPlainText(member)) throw invalidText();
  } else if (typeof member === 'object' && member !== null) {
    assertHarmless(member, depth);
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json.charCodeAt(0) === BYTE_ORDER_MARK ? json.slice(1) : json);
  } catch (cause) {
    // JSON cannot contain a NUL byte. The error names the text, because that is where the client put it.
    throw json.includes('\0') ? invalidText() : malformed(cause);
  }
}

/**
 * JSON is UTF-8 (RFC 8259 §8.1), and compressed bodies are not supported.
 * @throws 415 if the headers declare something else
 */
function assertPlainUtf8(request: FastifyRequest): void {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = request.headers;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (['utf-8', 'utf8', 'us-ascii'].includes(charset) && coding.toLowerCase() === 'identity') return;
  throw new Problem({ code: 'request.unsupported_media_type' });
}

/** A JSON document with the members to change (RFC 7396). Every PATCH accepts it. */
const MERGE_PATCH = 'application/merge-patch+json';

/** @throws 415 for a merge patch with another method */
function assertTypeOfMethod({ method, headers }: FastifyRequest): void {
  if (method === 'PATCH' || !/^\s*application\/merge-patch\+json/i.test(headers['content-type'] ?? ''))
    return;
  throw new Problem({
    code: 'request.unsupported_media_type',
    detail: `Only PATCH takes ${MERGE_PATCH}; the body must be application/json.`,
  });
}

/**
 * Parses a body, at no more than twice the cost of `JSON.parse`.
 * @throws Problem 400 if it is not valid JSON, or if its text cannot be stored
 */
export function documentOf(body: Buffer): unknown {
  if (!isUtf8(body)) throw new Problem({ code: 'request.invalid_utf8' });
  const json = body.toString();
  // A shorter text cannot have too many values, and parsing it is faster than checking it first.
  const fault = json.length > MAX_VALUES ? outlineFault(json) : undefined;
  if (fault !== undefined) throw tooMuch(fault);
  const document = parse(json);
  assertHarmlessMember(document, 0);
  return document;
}

/** Accepts `application/json` bodies, and merge patches for PATCH. Any other type is answered with 415. */
export function registerJsonBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    ['application/json', MERGE_PATCH],
    { parseAs: 'buffer', bodyLimit: DEFAULT_BODY_LIMIT },
    (request, body, done) => {
      try {
        assertTypeOfMethod(request);
        assertPlainUtf8(request);
        // `parseAs: 'buffer'` passes a Buffer, which the type of the callback does not show.
        done(null, documentOf(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}
