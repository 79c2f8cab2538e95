import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { documentOf } from '../../src/platform/server/json-body.js';
import { BODIES } from './bodies.js';

type Reader = (body: Buffer) => unknown;

/** Fastify's own parser, without its checks. */
const plainly: Reader = (body) => JSON.parse(body.toString());

const WARM_UP_MS = 300;
const TURN_MS = 40;
const TIMES_WEIGHED = 7;
/** Repeated so that one measurement exceeds its own noise. */
const BYTES_WEIGHED = 64 * 1024;

export interface JsonComparison {
  readonly name: string;
  readonly bytes: number;
  /** One call, in each round. */
  readonly plainMicros: readonly number[];
  readonly ourMicros: readonly number[];
  /** Bytes allocated by one call. */
  readonly plainBytes: number;
  readonly ourBytes: number;
}

/** Compares reading a body with `JSON.parse`. Each round measures both, and they take turns in going first. */
export function runJsonBenchmark(rounds: number): JsonComparison[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const bodies = Object.entries(BODIES).map(([name, text]) => ({ name, body: Buffer.from(text) }));
  // Compiles both for all bodies before anything is measured.
  for (const { body } of bodies) for (const read of [plainly, documentOf]) microsOf(read, body, WARM_UP_MS);
  return bodies.map(({ name, body }) => {
    const micros = { plain: [] as number[], our: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const turns = [
        () => micros.plain.push(microsOf(plainly, body, TURN_MS)),
        () => micros.our.push(microsOf(documentOf, body, TURN_MS)),
      ];
      collect();
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) turn();
    }
    const weigh = (read: Reader): number => allocatedBy(read, body, collect);
    return {
      ...{ name, bytes: body.length, plainMicros: micros.plain, ourMicros: micros.our },
      ...{ plainBytes: weigh(plainly), ourBytes: weigh(documentOf) },
    };
  });
}

/** The CPU time of this thread is too coarse for small bodies. */
function microsOf(read: Reader, body: Buffer, forMs: number): number {
  const startedAt = performance.now();
  let calls = 0;
  let tookMs = 0;
  const batch = Math.max(1, Math.ceil(BYTES_WEIGHED / body.length));
  while (tookMs < forMs) {
    for (let i = 0; i < batch; i += 1) read(body);
    calls += batch;
    tookMs = performance.now() - startedAt;
  }
  return (tookMs * 1000) / calls;
}

/** The minimum of several measurements, because other allocations only add to it. */
function allocatedBy(read: Reader, body: Buffer, collect: () => void): number {
  const calls = Math.max(1, Math.ceil(BYTES_WEIGHED / body.length));
  let least = Infinity;
  for (let time = 0; time < TIMES_WEIGHED; time += 1) {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i += 1) read(body);
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / calls);
  }
  return least;
}
