import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PROBLEM_CONTENT_TYPE, problemDocument } from '../errors/problem-document.js';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { requestId } from '../logs/request-id.js';

const RETRY_AFTER_SECONDS = 1;
const ALIVE = JSON.stringify({ status: 'ok' });
const IS_LIVENESS = /^\/(livez|health)(\?|$)/;

/**
 * Answers on the application's port until the application can: alive, but neither started nor ready. Without it, the
 * probes of a process that waits for its database would fail, and the orchestrator would kill it.
 */
export class WaitingServer {
  private server: Server | undefined;

  constructor(
    private readonly port: number,
    private readonly host: string,
  ) {}

  /** Does nothing if it is already open, and for port 0, which no probe can know. */
  async open(): Promise<void> {
    if (this.server !== undefined || this.port === 0) return;
    this.server = createServer({ keepAlive: false }, answer);
    await once(this.server.listen(this.port, this.host), 'listening');
  }

  /** Closes the server and frees the port. */
  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const id = requestId(request.headers['x-request-id']);
  const common = { 'cache-control': 'no-store', connection: 'close', 'x-request-id': id };
  const url = request.url ?? '/';
  if (IS_LIVENESS.test(url)) {
    response.writeHead(200, { ...common, 'content-type': 'application/json; charset=utf-8' }).end(ALIVE);
    return;
  }
  const problem = new ServiceUnavailable(
    'This process is starting and waiting for its database.',
    RETRY_AFTER_SECONDS,
  );
  response
    .writeHead(problem.status, { ...common, ...problem.headers, 'content-type': PROBLEM_CONTENT_TYPE })
    .end(JSON.stringify(problemDocument(problem, url.split('?', 1)[0]!, id)));
}
