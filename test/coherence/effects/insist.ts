import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../cluster/cluster.js';
import type { Answer } from '../http/answer-parser.js';
import type { Client } from '../http/client.js';

const PATIENCE_MS = 15_000;
const RETRY_MS = 25;

/** Repeats a request until the answer is anything but 503, like a client. */
export async function insist(clients: ReadonlyMap<Node, Client>, node: Node, text: string): Promise<Answer> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(RETRY_MS)) {
    const answer = await clients
      .get(node)!
      .ask(text)
      .catch((error: unknown) => error as Error);
    if (!(answer instanceof Error) && answer.status !== 503) return answer;
    if (Date.now() > deadline) throw answer instanceof Error ? answer : new Error('It is 503 all the time');
  }
}
