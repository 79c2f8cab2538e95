import { Injectable } from '@nestjs/common';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { Config } from '../../config.js';
import { clientNetwork } from '../access/client-network.js';
import { Counter, InjectMetric } from '../metrics/instruments.js';
import { CUT_CONNECTIONS } from './admission-metrics.js';
import { SharedAddresses } from './shared-addresses.js';

/** Connections beyond the limit, reserved for probes: two per address, each for two seconds. */
const RESERVE = 32;
const RESERVE_OF_A_NETWORK = 2;
const RESERVE_MS = 2_000;
/** Files for modules, for Node's own connections, and for Redis. */
const OTHER_FILES = 64;
const LEAST = 16;

/**
 * Limits connections in total and per client address. An address that many clients share has no limit of its own.
 * Without this limit, the kernel would refuse all new connections once the process runs out of files.
 */
@Injectable()
export class ConnectionLimits {
  private readonly max: number;
  private readonly maxOfNetwork: number;
  private readonly byNetwork = new Map<string, number>();
  private readonly reserved = new Map<string, number>();
  private count = 0;

  constructor(
    config: Config,
    private readonly shared: SharedAddresses,
    @InjectMetric(CUT_CONNECTIONS) private readonly cut: Counter,
  ) {
    this.max = maxConnections(config, openFilesLimit());
    this.maxOfNetwork = config.maxConnectionsPerAddress;
  }

  get open(): number {
    return this.count;
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.accept(socket));
  }

  private accept(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const network = clientNetwork(address);
    if (!this.shared.has(address) && (this.byNetwork.get(network) ?? 0) >= this.maxOfNetwork)
      return this.refuse(socket, 'address');
    if (this.count >= this.max && !this.takeReserve(socket, network)) return this.refuse(socket, 'total');
    this.count += 1;
    change(this.byNetwork, network, 1);
    socket.once('close', () => {
      this.count -= 1;
      change(this.byNetwork, network, -1);
    });
  }

  private takeReserve(socket: Socket, network: string): boolean {
    const isFull = this.count >= this.max + RESERVE;
    if (isFull || (this.reserved.get(network) ?? 0) >= RESERVE_OF_A_NETWORK) return false;
    change(this.reserved, network, 1);
    const overdue = setTimeout(() => socket.destroy(), RESERVE_MS);
    socket.once('close', () => {
      clearTimeout(overdue);
      change(this.reserved, network, -1);
    });
    return true;
  }

  private refuse(socket: Socket, reason: 'address' | 'total'): void {
    this.cut.inc({ reason });
    // Resets the connection at once. An answer would need the very resources that are scarce.
    socket.resetAndDestroy();
  }
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** The configured number, or as many as the process has files for besides its other connections. */
function maxConnections(
  { maxConnections: configured, databasePoolMax, httpPoolMaxSockets }: Config,
  files: number,
): number {
  const others = databasePoolMax + httpPoolMaxSockets + OTHER_FILES + RESERVE;
  return Math.max(LEAST, Math.min(configured, files - others));
}

/** The limit of open files of this process. Infinite if the system does not report one. */
function openFilesLimit(): number {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? Infinity : Number(soft);
  } catch {
    return Infinity;
  }
}
