import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ByCookie, RequiresRole } from '../../platform/access/access.js';
import { historiesOf } from '../../platform/cache-samples/cache-history.js';
import { minuteOf } from '../../platform/cache-samples/cache-sampler.js';
import { CacheWatch } from '../../platform/cache-samples/cache-watch.js';
import { Problem } from '../../platform/errors/problem.js';
import { explainQuerySchema, purgeSchema } from '../../platform/responses/inspect/cache.schemas.js';
import { CacheExplainer } from '../../platform/responses/inspect/cache-explainer.js';
import { CachePurger } from '../../platform/responses/inspect/cache-purger.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { answerForm, explain, parseForm, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { cachePage } from './cache-page.js';
import { inspectPage } from './inspect-page.js';

/** Of the page with plots. Without a script, only the browser can ask again. */
const REFRESH_SECONDS = 15;
const INSPECT = '/studio/cache/inspect';

/** The caches of all processes, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/cache')
export class StudioCacheController {
  constructor(
    private readonly watch: CacheWatch,
    private readonly explainer: CacheExplainer,
    private readonly purger: CachePurger,
  ) {}

  @Get()
  async show(
    @CurrentVisit() visit: Visit,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query('live') live?: unknown,
  ): Promise<string> {
    const isLive = live !== 'no';
    if (isLive) void reply.header('refresh', `${REFRESH_SECONDS}; url=/studio/cache`);
    const replicas = await this.watch.collect();
    const samples = replicas.flatMap(({ report }) => report?.samples ?? []);
    return cachePage(visit, { histories: historiesOf(samples, minuteOf(Date.now())), replicas, isLive });
  }

  @Get('inspect')
  async inspect(
    @CurrentVisit() visit: Visit,
    @Query() query: FormBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const path = valueOf(query, 'path');
    const evicted = valueOf(query, 'evicted');
    const purged = /^\d{1,9}$/.test(evicted) ? Number(evicted) : undefined;
    if (path === '') return inspectPage(visit, { purged });
    try {
      const explanation = await this.explainer.explain(parseForm(explainQuerySchema, { path }).path);
      return inspectPage(visit, { path, explanation, purged });
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      void reply.status(error.status);
      return inspectPage(visit, { path, refusal: explain(visit, error) });
    }
  }

  @Post('purge')
  purge(
    @CurrentVisit() visit: Visit,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const isAll = valueOf(form, 'all') === 'true';
        const target = isAll ? { all: true as const } : parseForm(purgeSchema, form);
        const { evicted } = await this.purger.purge(target);
        return `${INSPECT}?evicted=${evicted}`;
      },
      (errors) => inspectPage(visit, { tag: valueOf(form, 'tag'), errors }),
    );
  }
}
