import { Controller, Get, Headers, Param, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { IgnoresCredentials } from '../../platform/access/access.js';
import { Problem } from '../../platform/errors/problem.js';
import { Documents } from '../../platform/openapi/documents.js';
import { negotiateEncoding } from '../../platform/responses/cached-answer.js';
import { ASSETS } from './studio-assets.js';

/** As esbuild names them: no dots but that of the ending, so nothing leads out of the folder. */
const NAME = /^[A-Za-z0-9-]+\.js$/;
const ENDINGS = { br: '.br', gzip: '.gz', identity: '' } as const;

class AssetNotFound extends Problem {
  constructor(name: string) {
    super({ code: 'route.not_found', detail: `There is no asset ${name.slice(0, 100)}.` });
  }
}

/** The scripts of the Studio. They are the same for everybody, and for ever. */
@Documents({ isHidden: true })
@IgnoresCredentials()
@Controller('studio/assets')
export class StudioAssetsController {
  @Get(':name')
  async script(
    @Param('name') name: string,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    if (!NAME.test(name)) throw new AssetNotFound(name);
    const encoding = negotiateEncoding(accepted);
    const body = await readFile(new URL(name + ENDINGS[encoding], ASSETS)).catch(() => {
      throw new AssetNotFound(name);
    });
    if (encoding !== 'identity') void reply.header('content-encoding', encoding);
    void reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' });
    return new StreamableFile(body, { type: 'text/javascript; charset=utf-8', length: body.length });
  }
}
