import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Config } from '../../config.js';
import { OutboxFollower } from '../coherence/outbox-follower.js';
import { FrontDoor } from './front-door.js';

/** Joins the outbox and opens the front door when the application starts, and leaves when it ends. */
@Injectable()
export class CacheLifetime implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly follower: OutboxFollower,
    private readonly frontDoor: FrontDoor,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.follower.start();
    // Commands have a context without a server.
    const fastify = this.host.httpAdapter?.getInstance<FastifyInstance>();
    if (fastify !== undefined && this.config.cacheFrontDoor) this.frontDoor.stepBefore(fastify.server);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower.stop();
  }
}
