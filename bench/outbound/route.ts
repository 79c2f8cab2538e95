import 'reflect-metadata';
import { type HttpService } from '@nestjs/axios';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { openPool, pooledService, unpooledService } from './clients.js';

// A route that makes one call, with and without the pool.

const target = process.env['TARGET']!;
const pooled = pooledService(openPool());
const unpooled = unpooledService();

const ask = async (http: HttpService): Promise<unknown> =>
  (await firstValueFrom(http.get<unknown>(target))).data;

@Controller()
class RouteController {
  @Get('pooled')
  pooled(): Promise<unknown> {
    return ask(pooled);
  }

  @Get('unpooled')
  unpooled(): Promise<unknown> {
    return ask(unpooled);
  }
}

@Module({ controllers: [RouteController] })
class RouteModule {}

const app = await NestFactory.create<NestFastifyApplication>(RouteModule, new FastifyAdapter(), {
  logger: ['error'],
});
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT']), '127.0.0.1');
