import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { Problem } from '../platform/errors/problem.js';
import { fastifyOf } from '../platform/lifecycle/fastify-of.js';

const MAX_FIELDS = 20;
const LIMITS = {
  fields: MAX_FIELDS,
  fieldSize: 4_096,
  fieldNameSize: 100,
  files: 1,
  parts: MAX_FIELDS + 1,
  headerPairs: 20,
};

declare module 'fastify' {
  interface FastifyContextConfig {
    takesUpload?: boolean;
  }
}

/** The handler takes a form with a file (`multipart/form-data`). Everywhere else such a form is answered with 415. */
export const TakesUpload = (): MethodDecorator => RouteConfig({ takesUpload: true });

const unsupported = (): Problem => new Problem({ code: 'request.unsupported_media_type' });
const tooLarge = (): Problem => new Problem({ code: 'request.too_large' });
const malformed = (cause?: unknown): Problem =>
  new Problem({ code: 'request.malformed', detail: 'The body is not a valid form.', cause });

/** Accepts forms with a file on the handlers with `@TakesUpload()`, which read the form themselves. */
@Injectable()
export class Uploads implements OnModuleInit {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onModuleInit(): void {
    fastifyOf(this.adapterHost)?.addContentTypeParser('multipart/form-data', (request, _payload, done) => {
      done(request.routeOptions.config.takesUpload === true ? null : unsupported());
    });
  }
}

interface UploadedFile {
  /** As the browser names it: never a path to write to. */
  readonly name: string;
  /** Fails after `maxBytes`, and when the client goes away. */
  readonly bytes: Readable;
}

/** The fields of a form, by name; of a repeated one, the last. */
type Fields = Readonly<Record<string, string | undefined>>;

export interface ReceivedForm<T> {
  readonly fields: Fields;
  /** The result of `receive`. Undefined if no file was chosen. */
  readonly file: T | undefined;
}

type Receive<T> = (file: UploadedFile, fields: Fields) => Promise<T>;

/** @throws Problem 400 or 415 if the headers name no form */
function parserFor({ headers }: FastifyRequest, maxBytes: number): BusboyInstance {
  const { 'content-type': type = '' } = headers;
  if (!/^\s*multipart\/form-data/i.test(type)) throw unsupported();
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: { ...LIMITS, fileSize: maxBytes } });
  } catch (error) {
    throw malformed(error);
  }
}

/** @throws Problem 400 if the database cannot keep it */
function keepable(text: string): string {
  if (text.includes('\0') || !text.isWellFormed()) throw new Problem({ code: 'request.invalid_text' });
  return text;
}

/**
 * Reads a form with one file, which streams through `receive` while it arrives. `receive` knows the fields that come
 * before the file; the result has all.
 * @public also for uploads that are not kept in memory
 * @throws Problem 413 if the file is larger, or if the form has more parts than any of ours; 400 if it is malformed or
 * cut off; what `receive` throws
 */
export async function receiveForm<T>(
  request: FastifyRequest,
  maxBytes: number,
  receive: Receive<T>,
): Promise<ReceivedForm<T>> {
  const parser = parserFor(request, maxBytes);
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  let current: BusboyFileStream | undefined;
  let result: Promise<T> | undefined;
  const { promise: isParsed, resolve, reject } = Promise.withResolvers<void>();
  const fail = (problem: Problem): void => {
    request.raw.unpipe(parser);
    current?.destroy(problem);
    reject(problem);
  };
  parser.on('field', (name, value, isNameCut, isValueCut) => {
    if (isNameCut || isValueCut) return fail(tooLarge());
    try {
      fields[keepable(name)] = keepable(value);
    } catch (error) {
      fail(error as Problem);
    }
  });
  parser.on('file', (_name, stream, name: string | undefined) => {
    // Without it, an error before anybody reads would end the process.
    stream.on('error', () => undefined);
    // A browser sends a nameless file when none was chosen.
    if (name === undefined || name === '') return stream.resume();
    current = stream;
    stream.on('limit', () => fail(tooLarge()));
    result = receive({ name, bytes: stream }, fields);
    result.catch(reject);
    return stream;
  });
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    parser.on(limit, () => fail(tooLarge()));
  parser.on('error', (error) => fail(malformed(error)));
  parser.on('finish', resolve);
  request.raw.once('close', () => request.raw.complete || fail(malformed()));
  request.raw.pipe(parser);
  try {
    await isParsed;
    return { fields, file: await result };
  } finally {
    request.raw.unpipe(parser);
    await result?.catch(() => undefined);
  }
}

/** Reads a form with a small file. An empty file is none. @throws what `receiveForm` throws */
export async function receiveSmallFile(
  request: FastifyRequest,
  maxBytes: number,
): Promise<ReceivedForm<Buffer>> {
  const { fields, file } = await receiveForm(request, maxBytes, async ({ bytes }) =>
    Buffer.concat((await bytes.toArray()) as Buffer[]),
  );
  return { fields, file: file?.length === 0 ? undefined : file };
}
