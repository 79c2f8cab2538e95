import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Config } from '../../../config.js';
import { publishHttpUrl } from './instance-lock.js';

/** A server that listens on all addresses can be reached at its loopback address from the same machine. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** @param address as reported by a server or the cluster; null for all addresses */
export function httpUrlOf(address: string | null, port: number): string {
  const host = LOOPBACK[address ?? '0.0.0.0'] ?? address!;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Records where the instance of the data folder serves HTTP, once it does. */
@Injectable()
export class InstanceAddress implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    // Commands run without a server.
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    server?.once('listening', () => {
      const { address, port } = server.address() as AddressInfo;
      publishHttpUrl(this.config.dataDir, httpUrlOf(address, port));
    });
  }
}
