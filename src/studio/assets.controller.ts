import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IgnoresCredentials } from '../platform/access/access.js';
import { Problem } from '../platform/errors/problem.js';
import { Documents } from '../platform/openapi/documents.js';
import { negotiateEncoding } from '../platform/responses/cached-answer.js';
import { assetsFolder } from './assets.js';

/** Names that the build makes. Everything else, such as a path that leads out of the folder, is not found. */
const NAME = /^[a-z]+-[A-Z0-9]{8}\.js$/;
const SUFFIX = { br: '.br', gzip: '.gz', identity: '' } as const;

/** The scripts of the Studio. Their names change with their content, so browsers keep them. */
@Documents({ isHidden: true })
@IgnoresCredentials()
@Controller('studio/assets')
export class AssetsController {
  @Get(':name')
  async show(
    @Param('name') name: string,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const encoding = negotiateEncoding(accepted);
    const script = NAME.test(name)
      ? await readFile(join(assetsFolder, name + SUFFIX[encoding])).catch(() => undefined)
      : undefined;
    if (script === undefined) throw new Problem({ code: 'route.not_found' });
    if (encoding !== 'identity') void reply.header('content-encoding', encoding);
    void reply.headers({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    return script;
  }
}
