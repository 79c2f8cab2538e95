import { Controller, Get, Header, Param } from '@nestjs/common';
import { PreviewLinks } from '../blog/preview-links.service.js';
import { IgnoresCredentials } from '../platform/access/access.js';
import { Problem } from '../platform/errors/problem.js';
import { Documents } from '../platform/openapi/documents.js';
import { SettingsService } from '../settings/settings.service.js';
import { postPage } from './post-page.js';
import { siteViewOf } from './site-view.js';

/** Nothing here runs, sends anything, or tells other sites where the reader comes from. */
const POLICY = [
  `default-src 'none'`,
  `style-src 'self'`,
  `img-src 'self' data: https: http:`,
  `media-src 'self' https: http:`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Texts that are not public, for those who have a link to them. */
@Documents({ isHidden: true })
@IgnoresCredentials()
@Controller('preview')
export class PreviewController {
  constructor(
    private readonly links: PreviewLinks,
    private readonly settings: SettingsService,
  ) {}

  /** @throws Problem 404 if the link was revoked, or its post or author is gone */
  @Get(':token')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header('x-robots-tag', 'noindex, nofollow')
  @Header('referrer-policy', 'no-referrer')
  @Header('content-security-policy', POLICY)
  async show(@Param('token') token: string): Promise<string> {
    const post = await this.links.find(token);
    if (post === null) throw new Problem({ code: 'page.not_found' });
    return postPage(siteViewOf(await this.settings.current()), post, { isPreview: true });
  }
}
