import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { CachedAnswer } from '../../src/platform/responses/cached-answer.js';
import { PreparedHeads } from '../../src/platform/responses/wire.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask } from '../support/wire.js';
import { Loads, NOTES_TABLE, NotesModule, putNote } from './notes.js';

let inkwell: Inkwell;
const lost: unknown[] = [];
/** Errors that would have ended a real process. */
const remember = (error: unknown): void => void lost.push(error);

beforeAll(async () => {
  inkwell = await startInkwell(
    { ...LONG_LEASE, REDIS_URL: '', LOG_LEVEL: 'fatal' },
    { modules: [NotesModule], schema: [NOTES_TABLE] },
  );
  process.on('unhandledRejection', remember).on('uncaughtException', remember);
});
afterAll(async () => {
  process.off('unhandledRejection', remember).off('uncaughtException', remember);
  await inkwell.close();
});

beforeEach(async () => {
  await putNote(inkwell.url, 1, 'one');
  // Lets the front door learn the URL.
  await ask(inkwell, '/notes/1');
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(lost.splice(0)).toEqual([]);
});

const forget = (): unknown => inkwell.app.get(CacheInvalidator).clear();
const fail = (): never => {
  throw new Error('arranged');
};
const get = async (): Promise<number> =>
  (await fetch(`${inkwell.url}/notes/1`, { signal: AbortSignal.timeout(5_000) })).status;

describe('a front door that cannot write', () => {
  it.each([
    ['what memory has', (): unknown => undefined, 0],
    ['what it has read', forget, 1],
  ])('%s leaves it to the router, with the same load', async (_, before, loads) => {
    before();
    inkwell.app.get(Loads).count = 0;
    const write = jest.spyOn(PreparedHeads.prototype, 'of').mockImplementation(fail);
    expect(await get()).toBe(200);
    expect(write).toHaveBeenCalledTimes(1);
    expect(inkwell.app.get(Loads).count).toBe(loads);
  });

  it.each([
    ['from memory', (): unknown => undefined],
    ['from a load', forget],
  ])('ends in a 500 when the router cannot either, %s, and answers the next request', async (_, before) => {
    before();
    jest.spyOn(CachedAnswer.prototype, 'in').mockImplementation(fail);
    expect(await get()).toBe(500);
    jest.restoreAllMocks();
    expect(await get()).toBe(200);
  });
});
