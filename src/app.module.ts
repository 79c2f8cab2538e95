import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { BlogModule } from './blog/blog.module.js';
import { Config } from './config.js';
import { CacheSamplesModule } from './platform/cache-samples/cache-samples.module.js';
import { CacheModule } from './platform/cache/cache.module.js';
import { CoherenceModule } from './platform/coherence/coherence.module.js';
import { CdnModule } from './platform/cdn/cdn.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { OpenApiModule } from './platform/openapi/openapi.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { OutboxModule } from './platform/outbox/outbox.module.js';
import { FrontDoorModule } from './platform/responses/front-door/front-door.module.js';
import { InspectModule } from './platform/responses/inspect/inspect.module.js';
import { ResponsesModule } from './platform/responses/responses.module.js';
import { AdmissionModule } from './platform/admission/admission.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SettingsRoutesModule } from './settings/settings-routes.module.js';
import { SiteModule } from './site/site.module.js';
import { StatsModule } from './stats/stats.module.js';
import { StudioModule } from './studio/studio.module.js';
import { UsersDirectoryModule } from './users/users-directory.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhookDeliveryModule } from './webhooks/webhook-delivery.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WelcomeModule } from './welcome/welcome.module.js';

/** The modules of each role: accounts and blog together, or each in processes of its own. */
const SIDES: Record<Config['role'], NonNullable<DynamicModule['imports']>> = {
  all: [
    ...[SessionsModule, UsersModule, WebhooksModule, BlogModule, SettingsRoutesModule, SiteModule],
    ...[StudioModule, WelcomeModule],
  ],
  users: [SessionsModule, UsersModule, WebhooksModule],
  blog: [BlogModule, SettingsRoutesModule, SiteModule],
};

/** The composition root, the only file that knows every module. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        LifecycleModule,
        AdmissionModule,
        CoherenceModule,
        DatabaseModule,
        RedisModule,
        HttpModule,
        OutboxModule,
        CacheModule,
        ResponsesModule,
        FrontDoorModule,
        InspectModule,
        CacheSamplesModule,
        CdnModule.forRoot(config),
        UsersDirectoryModule.forRole(config.role),
        AuthModule.forRole(config.role),
        ...SIDES[config.role],
        HealthModule,
        OpenApiModule,
        MetricsModule.forRoot(config),
        StatsModule,
        WebhookDeliveryModule,
      ],
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
