import 'reflect-metadata';
import KeyvRedis from '@keyv/redis';
import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Category, Post, User } from './entities.js';
import { PostsController } from './posts.controller.js';

const redisUrl = process.env['REDIS_URL'];

/** As in https://docs.nestjs.com/techniques/caching: a cache in memory, or with REDIS_URL in Redis. */
@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL']!,
      entities: [User, Category, Post],
    }),
    TypeOrmModule.forFeature([Post]),
    redisUrl === undefined
      ? CacheModule.register()
      : CacheModule.register({ stores: [new KeyvRedis(redisUrl)] }),
  ],
  controllers: [PostsController],
})
class StockModule {}

const app = await NestFactory.create<NestFastifyApplication>(StockModule, new FastifyAdapter(), {
  logger: ['error'],
});
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT']), '127.0.0.1');
