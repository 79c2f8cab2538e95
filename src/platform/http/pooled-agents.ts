import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { AddressRefused } from './address-refused.js';
import type { DnsCache } from './dns-cache.js';
import { pooledLookup } from './pooled-lookup.js';
import type { AddressCheck } from './public-address.js';
import type { SocketPool } from './socket-pool.js';

/** Of one connection, with TLS, over all addresses of the name. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Of one address, when the name has more of them. */
const ADDRESS_TIMEOUT_MS = 1_000;
/** Servers close idle connections too, and one that is being closed fails its next call: be the first. */
const IDLE_TIMEOUT_MS = 15_000;

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

interface AgentParts {
  readonly sockets: SocketPool;
  readonly dns: DnsCache;
  /** Says which addresses may be connected to. Absent: all. */
  readonly allows?: AddressCheck;
}

type Connect = HttpAgent['createConnection'];
type ConnectOptions = Parameters<Connect>[0];

function timeout(): NodeJS.ErrnoException {
  return Object.assign(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`), {
    code: 'ETIMEDOUT',
  });
}

function limitConnecting(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(timeout()), CONNECT_TIMEOUT_MS);
  const isTls = (socket as Partial<TLSSocket>).encrypted === true;
  socket.once(isTls ? 'secureConnect' : 'connect', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}

/** What the look-up has let through, once more on the connection itself: nothing has been sent on it yet. */
function checkPeer(socket: Socket, host: string, allows: AddressCheck): void {
  socket.once('connect', () => {
    if (!allows(socket.remoteAddress ?? '')) socket.destroy(new AddressRefused(host));
  });
}

/** Makes an agent open, rest and wake its connections by the pool's rules. */
function governed<A extends HttpAgent>(agent: A, { sockets, dns, allows }: AgentParts): A {
  const connect: Connect = agent.createConnection.bind(agent);
  // The declared type forgets that it tells whether the connection is kept.
  const keepAlive = agent.keepSocketAlive.bind(agent) as (socket: Duplex) => boolean;
  const reuse = agent.reuseSocket.bind(agent);
  agent.createConnection = (options: ConnectOptions, onCreated) => {
    const host = options.host ?? '';
    if (isIP(host) !== 0 && allows?.(host) === false) {
      onCreated?.(new AddressRefused(host), undefined as never);
      return undefined;
    }
    const address = `${host}:${options.port}`;
    sockets.makeRoom(address);
    const socket = connect(options, onCreated) as Socket;
    sockets.add(socket, address);
    limitConnecting(socket);
    socket.once('error', () => dns.forget(host));
    if (allows !== undefined) checkPeer(socket, host, allows);
    return socket;
  };
  agent.keepSocketAlive = (socket) => {
    return keepAlive(socket) && sockets.rest(socket as Socket);
  };
  agent.reuseSocket = (socket, request) => {
    sockets.wake(socket as Socket);
    reuse(socket, request);
  };
  return agent;
}

/** Keep-alive agents, last used first, on the shared pool. How many calls run at once is not their business. */
export function pooledAgents(parts: AgentParts): Agents {
  const options: AgentOptions & { lookup: unknown; autoSelectFamilyAttemptTimeout: number } = {
    keepAlive: true,
    scheduling: 'lifo',
    timeout: IDLE_TIMEOUT_MS,
    lookup: pooledLookup(parts.dns, parts.allows),
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
  };
  return {
    httpAgent: governed(new HttpAgent(options), parts),
    httpsAgent: governed(new HttpsAgent(options), parts),
  };
}
