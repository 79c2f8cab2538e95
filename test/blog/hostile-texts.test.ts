import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { ServerProcess } from '../support/server-process.js';
import { createTestDatabase } from '../support/test-database.js';
import { POSTS, write } from './posts.js';

let database: { url: string; drop: () => Promise<void> };
let server: ServerProcess;
let url: string;
let ada: Account;

beforeAll(async () => {
  database = await createTestDatabase();
  server = ServerProcess.start({ NODE_ENV: 'test', DATABASE_URL: database.url, WELCOME: 'false' });
  url = await server.address();
  ada = await registerAndLogin({ url }, 'ada');
  await write({ url }, ada);
}, 60_000);
afterAll(async () => {
  server.signal('SIGKILL');
  await server.ended();
  await database.drop();
});

/** @returns the answer, and the time that the event loop was busy */
async function costOf<Answer>(call: () => Promise<Answer>): Promise<{ answer: Answer; cpuMs: number }> {
  const before = server.mainThreadCpuMs;
  const answer = await call();
  return { answer, cpuMs: server.mainThreadCpuMs - before };
}

/** Marks of two classes in the wrong order, each time, so that normalising them must sort them. */
const marks = (length: number): string => `a${'\u0300\u0323'.repeat(length / 2)}`.slice(0, length);

describe('runs of combining marks', () => {
  it.each([
    ['title', { title: marks(200_001) }, '/title'],
    ['category', { category_name: marks(200_001) }, '/category_name'],
    ['tag', { tags: [marks(200_001)] }, '/tags/0'],
  ])('in a %s of 200,001 characters are refused by their length', async (_, changes, pointer) => {
    const { answer, cpuMs } = await costOf(() => write({ url }, ada, changes));
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
    // Sorting them takes 14 seconds.
    expect(cpuMs).toBeLessThan(500);
  });

  it('in a text of 200,000 characters cost what any text of the size costs', async () => {
    const { answer, cpuMs } = await costOf(() => write({ url }, ada, { content: marks(200_000) }));
    expect(answer.status).toBe(201);
    expect(cpuMs).toBeLessThan(1_000);
  });

  it('in a name of 200 characters are parted, and the post keeps its name when it is written again', async () => {
    const { body } = await write({ url }, ada, { title: marks(190) });
    expect(body.title).toHaveLength(195);
    const again = await api({ url }).patch(`${POSTS}/${body.id}`, { title: body.title }, ada.token);
    expect(again.body).toEqual(body);
  });
});

/** As many as fit. */
const filled = (unit: string): string => unit.repeat(Math.floor(200_000 / unit.length));

/** Each takes the renderer between half a second and two seconds. */
const SLOW = {
  'table of one column': filled('|-\n'),
  'tags in a wrong order': filled('<b></i>'),
  'list of one letter': filled('- a\n'),
  'emphasis without an end': filled('**a*'),
  'pictures without an end': filled('!['),
  'code without an end': filled('`a'),
  'table of many cells': `${filled('|a').slice(0, 25_000)}\n${filled('|-').slice(0, 25_000)}\n${filled('x\n').slice(0, 100_000)}`,
};

/** Too much for a thread: each of 50,000 links has an address of 50,000 characters. */
const TOO_MUCH = `[a]: /${'x'.repeat(50_000)}\n\n${'[a]'.repeat(49_000)}`;

describe('Markdown that is slow to render', () => {
  it.each(Object.entries(SLOW))('does not hold up the event loop: %s', async (_, content) => {
    const { answer, cpuMs } = await costOf(() => write({ url }, ada, { content }));
    // A busy machine may exceed the time limit.
    expect([201, 422]).toContain(answer.status);
    expect(cpuMs).toBeLessThan(400);
  });

  it('is refused with 422 when it takes more memory than a post may, and the next post is written', async () => {
    const response = await write({ url }, ada, { content: TOO_MUCH });
    expect(response).toMatchObject({
      status: 422,
      body: { code: 'post.too_complex', errors: [{ pointer: '/content' }] },
    });
    expect((await write({ url }, ada, { content: `# Long\n\n${'word '.repeat(1_000)}` })).status).toBe(201);
  });

  it('keeps a post found by its words when only its title changes', async () => {
    const { body } = await write({ url }, ada, { title: 'Formerly', content: 'needle '.repeat(10_000) });
    const patched = await api({ url }).patch(`${POSTS}/${body.id}`, { title: 'Afterwards' }, ada.token);
    expect(patched.status).toBe(200);
    const foundBy = async (q: string): Promise<boolean> =>
      (await api({ url }).get<{ id: number }[]>(`${POSTS}?q=${q}`)).body.some(({ id }) => id === body.id);
    expect(await Promise.all(['needle', 'Afterwards', 'Formerly'].map(foundBy))).toEqual([true, true, false]);
  });
});
