import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Config } from '../../../config.js';
import { publishHttpUrl } from './instance-lock.js';

/** The same machine reaches a server that listens everywhere by its loopback address. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function urlOf({ address, family, port }: AddressInfo): string {
  const host = LOOPBACK[address] ?? address;
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
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
      publishHttpUrl(this.config.dataDir, urlOf(server.address() as AddressInfo));
    });
  }
}
