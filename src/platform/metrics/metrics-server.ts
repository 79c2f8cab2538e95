import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { register } from 'prom-client';
import { Config } from '../../config.js';
import { fastifyOf } from '../lifecycle/fastify-of.js';
import { scrape } from './scrape.js';

const CONTENT_TYPE = 'content-type';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url?.split('?', 1)[0] !== '/metrics') {
    response.writeHead(404, { [CONTENT_TYPE]: 'text/plain' }).end('Only /metrics is here.\n');
    return;
  }
  const text = await scrape();
  response.writeHead(200, { [CONTENT_TYPE]: register.contentType, 'cache-control': 'no-store' }).end(text);
}

/** Serves `/metrics` alone on a separate port, which need not be reachable from outside. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly config: Config,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** The port in use. Undefined without METRICS_PORT. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | undefined)?.port;
  }

  /** @throws if the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.metricsPort === undefined || fastifyOf(this.adapterHost) === undefined) return;
    const server = createServer((request, response) => {
      answer(request, response).catch(() => response.writeHead(500).end());
    });
    server.listen(this.config.metricsPort, this.config.host);
    await once(server, 'listening');
    this.server = server;
  }

  /** Closes last, so that the drain can be observed. */
  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
