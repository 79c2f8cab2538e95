import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Documents } from '../platform/openapi/documents.js';
import { SiteImages } from './site-images.service.js';

const nameSchema = z.object({ name: z.string() });

@Documents({ isHidden: true })
@Controller('blog/assets')
export class SiteImagesController {
  constructor(private readonly images: SiteImages) {}

  @Get(':name')
  async show(
    @Param({ schema: nameSchema }) { name }: { name: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { type, bytes } = await this.images.get(name);
    void reply.headers({ 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' });
    return bytes;
  }
}
