import { getText } from '../http/request-text.js';
import { Client } from '../http/client.js';
import type { Stand } from './stand.js';

const READERS = 1_000;
const LIST = /^db_queries_total\{purpose="fill"\} (\d+)$/m;

async function fills(stand: Stand): Promise<number> {
  let sum = 0;
  for (const node of stand.nodes) {
    const { body } = await stand.ask(node, '/metrics');
    sum += Number(LIST.exec(body.toString())?.[1] ?? 0);
  }
  return sum;
}

export interface Herd {
  /** Queries that filled a cache, as the replicas count them. */
  readonly fills: number;
  readonly complaints: readonly string[];
}

/** After each of some writes a thousand readers ask each replica for the post at the same moment. */
export async function herd(stand: Stand, writes: number): Promise<Herd> {
  const post = await stand.newPost();
  await stand.warm(post);
  const clients = stand.nodes.map(({ replica }) => new Client(replica.port, 60_000));
  const complaints: string[] = [];
  const before = await fills(stand);
  for (let i = 0; i < writes; i += 1) {
    await stand.write(stand.nodes[i % stand.nodes.length]!, post);
    const mark = post.register.mark(post.version);
    const answers = await Promise.all(
      clients.flatMap((client) => Array.from({ length: READERS }, () => client.ask(getText(post.path)))),
    );
    const wrong = answers.filter(({ status, body }) => status !== 200 || !body.includes(mark)).length;
    if (wrong > 0)
      complaints.push(`${wrong} of ${answers.length} answers are not of version ${post.version}`);
  }
  for (const client of clients) client.close();
  return { fills: (await fills(stand)) - before, complaints };
}
