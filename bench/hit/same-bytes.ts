import { type Answer, ask, headerOf, headOf } from '../servers/answer.js';
import type { Contestants } from './contestants.js';
import { POPULAR } from './paths.js';

export interface Sizes {
  readonly list: number;
  readonly post: number;
}

/**
 * @returns the body sizes in bytes of a list and of a post
 * @throws unless all contestants answer with the same bodies, and bare node:http and the router also with the same head
 */
export async function assertSameBytes(contestants: Contestants): Promise<Sizes> {
  const list = await assertSame('list', contestants);
  const post = await assertSame('post', contestants);
  await assertVariants(contestants.warm.origin + POPULAR.list);
  return { list, post };
}

async function assertSame(
  subject: 'list' | 'post',
  { bare, warm, routed, stock }: Contestants,
): Promise<number> {
  const path = POPULAR[subject];
  const ours = await ask(warm.origin + path);
  const copied = await ask(bare[subject].origin + path);
  assertEqual(`the head of ${path}, bare`, lines(headOf(copied)), lines(headOf(ours)));
  // The router writes the same headers in another order, and its second answer is the hit.
  await ask(routed.origin + path);
  const through = await ask(routed.origin + path);
  assertEqual(`the head of ${path}, routed`, lines(headOf(through).sort()), lines(headOf(ours).sort()));
  for (const server of [bare[subject], routed, stock.memory, stock.redis]) {
    await ask(server.origin + path);
    assertSameBody(path, await ask(server.origin + path), ours);
  }
  return ours.body.length;
}

const lines = (texts: readonly string[]): string => texts.join('\n');

async function assertVariants(url: string): Promise<void> {
  const ours = await ask(url);
  assertEqual(`Cache-Status of ${url}`, headerOf(ours, 'cache-status'), 'inkwell; hit');
  const unchanged = await ask(url, { 'if-none-match': headerOf(ours, 'etag')! });
  assertEqual(`the status of ${url} asked for with its ETag`, unchanged.status, 304);
  // The first request starts the compression.
  await ask(url, { 'accept-encoding': 'br' });
  await untilEncoded(url);
}

async function untilEncoded(url: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  let encoding: string | undefined;
  while (encoding !== 'br' && Date.now() < deadline)
    encoding = headerOf(await ask(url, { 'accept-encoding': 'br' }), 'content-encoding');
  assertEqual(`Content-Encoding of ${url}`, encoding, 'br');
}

function assertSameBody(path: string, theirs: Answer, ours: Answer): void {
  assertEqual(`the status of ${path}`, theirs.status, 200);
  assertEqual(`the body of ${path}`, theirs.body.toString(), ours.body.toString());
}

function assertEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected)
    throw new Error(`Expected ${what} to be\n${String(expected)}\nbut it is\n${String(actual)}`);
}
