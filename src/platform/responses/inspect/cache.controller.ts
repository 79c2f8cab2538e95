import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { RequiresOperatorOrRole } from '../../access/access.js';
import { AnswersWith } from '../../openapi/documents.js';
import { CacheExplainer } from './cache-explainer.js';
import { CachePurger } from './cache-purger.js';
import {
  type CacheExplanation,
  type ExplainQuery,
  explainQuerySchema,
  explanationSchema,
  type Purge,
  type Purged,
  purgedSchema,
  purgeSchema,
} from './cache.schemas.js';

@Controller('api/cache')
@RequiresOperatorOrRole('admin')
export class CacheController {
  constructor(
    private readonly purger: CachePurger,
    private readonly explainer: CacheExplainer,
  ) {}

  /** Purges cached answers in every process, after data was changed outside of the application. */
  @Post('purge')
  @AnswersWith(200, purgedSchema)
  async purge(@Body({ schema: purgeSchema }) target: Purge): Promise<Purged> {
    const { evicted } = await this.purger.purge(target);
    return { evicted };
  }

  /** Shows what the answering process and Redis hold for a path, and why its next GET would hit or miss. */
  @Get('explain')
  @AnswersWith(200, explanationSchema)
  explain(@Query({ schema: explainQuerySchema }) { path }: ExplainQuery): Promise<CacheExplanation> {
    return this.explainer.explain(path);
  }
}
