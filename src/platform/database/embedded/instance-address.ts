import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Config } from '../../../config.js';
import { publishHttpUrl } from './instance-lock.js';

/** The same machine reaches a server that listens everywhere by its loopback address. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** @param address as a server or the cluster tells it; null for everywhere */
export function httpUrlOf(address: string | null, port: number): string {
  const host = LOOPBACK[address ?? '0.0.0.0'] ?? address!;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Writes down where the instance of the data folder serves HTTP, as soon as it does. */
@Injectable()
export class InstanceAddress implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    // Commands have a context without a server.
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    server?.once('listening', () => {
      const { address, port } = server.address() as AddressInfo;
      publishHttpUrl(this.config.dataDir, httpUrlOf(address, port));
    });
  }
}
