import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientNetwork } from '../access/client-network.js';
import { PROBLEM_CONTENT_TYPE, problemDocument } from '../errors/problem-document.js';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { isProbe } from '../lifecycle/is-probe.js';
import { requestId } from '../logs/request-id.js';
import { Counter, InjectMetric } from '../metrics/instruments.js';
import { REFUSED_REQUESTS } from './admission-metrics.js';
import { PipelinedRequests } from './pipelined-requests.js';
import { SharedAddresses } from './shared-addresses.js';

/** No browser sends more requests on one connection before the last one was answered. */
const MAX_IN_FLIGHT_OF_CONNECTION = 8;
/** For all connections together, not counting hits in memory. */
const MAX_IN_FLIGHT = 2_000;

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly work: () => void;
}

/** The requests of one client network. */
interface Network {
  readonly name: string;
  inFlight: number;
  connections: number;
}

/** The requests of one connection. Created at the first request that memory cannot answer at once. */
interface Line {
  /** Null for an address that many clients share. */
  readonly network: Network | null;
  inFlight: number;
  isClosed: boolean;
  readonly waiting: Waiting[];
}

/**
 * Limits the requests in flight: in total, per client network and per connection. Further requests of a connection wait
 * their turn.
 */
@Injectable()
export class RequestAdmission {
  private readonly lines = new WeakMap<Socket, Line>();
  /** The networks with requests in flight. */
  private readonly networks = new Map<string, Network>();
  private count = 0;

  constructor(
    private readonly shared: SharedAddresses,
    readonly pipelined: PipelinedRequests,
    @InjectMetric(REFUSED_REQUESTS) private readonly refused: Counter,
  ) {}

  get inFlight(): number {
    return this.count;
  }

  /** Runs `work`, which answers the request, now or later; or refuses the request. */
  enter(request: IncomingMessage, response: ServerResponse, work: () => void): void {
    const line = this.lineOf(request.socket);
    // The client is gone.
    if (line.isClosed) return;
    if (line.inFlight < MAX_IN_FLIGHT_OF_CONNECTION) this.begin(line, { request, response, work });
    else line.waiting.push({ request, response, work });
  }

  private begin(line: Line, { request, response, work }: Waiting): void {
    const reason = this.surplusOf(line.network);
    // Probes report the state of the process, which matters most when it is busy.
    if (reason !== undefined && !isProbe(request.url ?? '')) {
      this.refused.inc({ reason });
      return answerBusy(request, response);
    }
    this.changeInFlight(line, 1);
    response.once('close', () => this.end(line));
    work();
  }

  /**
   * The reason to refuse another request of a network. A network may use as many slots as stay free for others: one
   * network alone gets half of all, two get a third each, and so on. So there is always room for a new client.
   */
  private surplusOf(network: Network | null): 'busy' | 'address' | undefined {
    const room = MAX_IN_FLIGHT - this.count;
    if (room <= 0) return 'busy';
    return network !== null && network.inFlight >= room ? 'address' : undefined;
  }

  private changeInFlight(line: Line, by: number): void {
    line.inFlight += by;
    this.count += by;
    if (line.network !== null) line.network.inFlight += by;
  }

  private end(line: Line): void {
    if (line.isClosed) return;
    this.changeInFlight(line, -1);
    // A refused request is not in flight, so the next one may start at once.
    while (line.inFlight < MAX_IN_FLIGHT_OF_CONNECTION) {
      const next = line.waiting.shift();
      if (next === undefined) return;
      this.begin(line, next);
    }
  }

  private lineOf(socket: Socket): Line {
    let line = this.lines.get(socket);
    if (line !== undefined) return line;
    const network = this.networkOf(socket.remoteAddress ?? '');
    line = { network, inFlight: 0, isClosed: false, waiting: [] };
    this.lines.set(socket, line);
    if (socket.destroyed) this.close(line);
    else socket.once('close', () => this.close(line));
    return line;
  }

  private networkOf(address: string): Network | null {
    if (this.shared.has(address)) return null;
    const name = clientNetwork(address);
    const network = this.networks.get(name) ?? { name, inFlight: 0, connections: 0 };
    this.networks.set(name, network);
    network.connections += 1;
    return network;
  }

  /** Node never closes an answer that still waits to be written. */
  private close(line: Line): void {
    line.isClosed = true;
    line.waiting.length = 0;
    this.changeInFlight(line, -line.inFlight);
    const { network } = line;
    if (network === null) return;
    network.connections -= 1;
    if (network.connections === 0) this.networks.delete(network.name);
  }
}

/** Answers 503 before the router, because a refusal must cost less than the request would. */
function answerBusy(request: IncomingMessage, response: ServerResponse): void {
  const id = requestId(request.headers['x-request-id']);
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const problem = new ServiceUnavailable('Too many requests are in flight.', 1);
  const body = JSON.stringify(problemDocument(problem, path, id));
  response.writeHead(problem.status, {
    ...problem.headers,
    'content-type': PROBLEM_CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': id,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
