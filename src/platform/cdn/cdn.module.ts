import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../../config.js';
import { HttpService } from '../http/http.module.js';
import { CdnMetrics, purgeCounter } from './cdn-metrics.js';
import { CdnProvider } from './cdn-provider.js';
import { CdnPurger } from './cdn-purger.js';
import { CloudflareProvider } from './cloudflare.js';
import { FastlyProvider } from './fastly.js';
import { GenericCdnProvider } from './generic-cdn.js';
import { PurgeCdnWhenChanged } from './purge-cdn-when-changed.listener.js';
import { PurgeQueue } from './purge-queue.queries.js';

const FASTLY_URL = 'https://api.fastly.com';
const CLOUDFLARE_URL = 'https://api.cloudflare.com/client/v4';

function providerOf(config: Config, http: HttpService): CdnProvider {
  const { cdnPurgeProvider: provider, cdnPurgeZone: zone = '', cdnPurgeToken: token = '' } = config;
  const url = config.cdnPurgeUrl?.replace(/\/+$/, '');
  if (provider === 'fastly')
    return new FastlyProvider(http, { url: url ?? FASTLY_URL, serviceId: zone, token });
  if (provider === 'cloudflare')
    return new CloudflareProvider(http, { url: url ?? CLOUDFLARE_URL, zoneId: zone, token });
  // The URL stays as configured, because a trailing slash makes a difference.
  return new GenericCdnProvider(http, { url: config.cdnPurgeUrl!, token: config.cdnPurgeToken });
}

/** Purges by tag what a CDN in front of Inkwell has stored. Does nothing if no CDN is configured. */
@Module({})
export class CdnModule {
  static forRoot(config: Config): DynamicModule {
    if (config.cdnPurgeProvider === undefined) return { module: CdnModule };
    const provider = {
      provide: CdnProvider,
      inject: [HttpService],
      useFactory: (http: HttpService): CdnProvider => providerOf(config, http),
    };
    return {
      module: CdnModule,
      providers: [provider, PurgeQueue, CdnPurger, PurgeCdnWhenChanged, purgeCounter, CdnMetrics],
    };
  }
}
