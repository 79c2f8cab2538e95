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

/** For one connection, including TLS and all addresses of the name. */
const CONNECT_TIMEOUT_MS = 5_000;
/** For one address, if the name has several. */
const ADDRESS_TIMEOUT_MS = 1_000;
/**
 * Servers close idle connections too, and a call on a connection that is being closed fails. So this side closes first.
 */
const IDLE_TIMEOUT_MS = 15_000;

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

interface AgentParts {
  readonly sockets: SocketPool;
  readonly dns: DnsCache;
  /** Decides which addresses may be connected to. Default: all. */
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

/** Checks the address of the connection once more after the look-up. Nothing has been sent on it yet. */
function checkPeer(socket: Socket, host: string, allows: AddressCheck): void {
  socket.once('connect', () => {
    if (!allows(socket.remoteAddress ?? '')) socket.destroy(new AddressRefused(host));
  });
}

/** Makes an agent follow the pool's rules for opening, keeping and reusing connections. */
function governed<A extends HttpAgent>(agent: A, { sockets, dns, allows }: AgentParts): A {
  const connect: Connect = agent.createConnection.bind(agent);
  // The declared type omits the boolean result, which tells whether the connection is kept.
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

/**
 * Keep-alive agents on the shared pool, which reuse the last used connection first. They do not limit how many calls
 * run at once.
 */
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
