import cluster from 'node:cluster';
import { AggregatorRegistry, register } from 'prom-client';

/** A scrape reaches one of the processes that share the port, and the answer must cover all of them. */
interface Message {
  readonly type: 'inkwell:scrape';
  readonly id: number;
  readonly text?: string;
  readonly error?: string;
}

const isScrape = (message: unknown): message is Message =>
  (message as Message | null)?.type === 'inkwell:scrape';

const pending = new Map<number, (message: Message) => void>();
let lastId = 0;

if (cluster.isWorker) {
  // This registry answers the requests of the primary process.
  new AggregatorRegistry();
  process.on('message', (message) => {
    if (isScrape(message)) pending.get(message.id)?.(message);
  });
}

/**
 * The metrics of this process, or of all processes that share its port, in Prometheus' text format.
 * @throws if one of them does not answer
 */
export async function scrape(): Promise<string> {
  if (!cluster.isWorker) return register.metrics();
  const id = ++lastId;
  const answer = await new Promise<Message>((resolve) => {
    pending.set(id, resolve);
    process.send!({ type: 'inkwell:scrape', id } satisfies Message);
  });
  pending.delete(id);
  if (answer.text === undefined) throw new Error(answer.error);
  return answer.text;
}

/** Runs in the primary process. */
export function answerScrapesOfProcesses(): void {
  const registry = new AggregatorRegistry();
  cluster.on('message', (worker, message: unknown) => {
    if (!isScrape(message)) return;
    const { type, id } = message;
    registry.clusterMetrics().then(
      (text) => worker.send({ type, id, text } satisfies Message),
      (error: Error) => worker.send({ type, id, error: error.message } satisfies Message),
    );
  });
}
