import { getText } from '../http/request-text.js';
import { Client } from '../http/client.js';
import type { Stand } from './stand.js';

const DEADLINE_MS = 60_000;
const FILLS = /^db_queries_total\{purpose="fill"\} (\d+)$/m;

async function fills(stand: Stand): Promise<number> {
  let sum = 0;
  for (const node of stand.nodes) {
    const { body } = await stand.ask(node, '/metrics');
    sum += Number(FILLS.exec(body.toString())?.[1] ?? 0);
  }
  return sum;
}

export interface Herd {
  /** Queries that filled a cache, according to the replicas' metrics. */
  readonly fills: number;
  readonly complaints: readonly string[];
}

/** After some of the writes, this many readers request the post from each replica at the same moment. */
export async function herd(stand: Stand, writes: number, readers: number): Promise<Herd> {
  const post = await stand.newPost();
  const clients = stand.nodes.map(({ replica }) => new Client(replica.port, DEADLINE_MS));
  const complaints: string[] = [];
  const stampede = async (): Promise<void> => {
    const asked = clients.flatMap((client) =>
      Array.from({ length: readers }, () => client.ask(getText(post.path))),
    );
    const mark = post.register.mark(post.version);
    const wrong = (await Promise.all(asked)).filter(
      ({ status, body }) => status !== 200 || !body.includes(mark),
    );
    if (wrong.length > 0) complaints.push(`${wrong.length} answers are not of version ${post.version}`);
  };
  // Opens connections and looks up sessions in advance.
  await stampede();
  for (const node of stand.nodes) await stand.write(node, post);
  await stampede();
  const before = await fills(stand);
  for (let i = 0; i < writes; i += 1) {
    await stand.write(stand.nodes[i % stand.nodes.length]!, post);
    await stampede();
  }
  for (const client of clients) client.close();
  return { fills: (await fills(stand)) - before, complaints };
}
