import type { Provenance } from '../coherence/coherence.js';
import type { AnswerContent } from './cached-answer.js';
import type { Times } from './entry.js';
import { bytesInOwnMemory } from './own-memory.js';

/** Changes with the layout below, so that entries of other builds are not read. */
const FORMAT = 3;

type Header = Omit<AnswerContent, 'body'> & Times & { readonly format: number };

const LENGTH_BYTES = 4;

/** An answer as bytes for L2: length of the header (32 bits, big endian), header as JSON, body. */
export function encodeAnswer(content: AnswerContent, times: Times): Buffer {
  const { body, ...rest } = content;
  const header = Buffer.from(JSON.stringify({ format: FORMAT, ...rest, ...times } satisfies Header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, body]);
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isProvenance = (value: Partial<Provenance>): value is Provenance =>
  typeof value.epoch === 'string' &&
  isStrings(value.tags) &&
  Number.isSafeInteger(value.snapshot?.xmax) &&
  isNumbers(value.snapshot?.xip) &&
  (value.inputs === undefined || (Array.isArray(value.inputs) && value.inputs.every(isProvenance)));

function isHeader(value: Partial<Header> | null): value is Header {
  return (
    value?.format === FORMAT &&
    Number.isInteger(value.status) &&
    Number.isFinite(value.storedAtMs) &&
    Number.isFinite(value.ttlMs) &&
    typeof value.contentType === 'string' &&
    typeof value.etag === 'string' &&
    typeof value.headers === 'object' &&
    value.headers !== null &&
    isProvenance(value)
  );
}

/** @returns undefined for anything that this build did not write */
export function decodeAnswer(bytes: Buffer): { content: AnswerContent; times: Times } | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt32BE(0);
  if (end > bytes.length) return undefined;
  try {
    const header = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as Partial<Header> | null;
    if (!isHeader(header)) return undefined;
    const { format: _, storedAtMs, ttlMs, ...rest } = header;
    return {
      content: { ...rest, body: bytesInOwnMemory(bytes.subarray(end)) },
      times: { storedAtMs, ttlMs },
    };
  } catch {
    return undefined;
  }
}
