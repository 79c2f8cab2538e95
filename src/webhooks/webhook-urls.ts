import { Injectable } from '@nestjs/common';
import { isIP } from 'node:net';
import { Config } from '../config.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';
import { isPublicAddress } from '../platform/http/public-address.js';

/**
 * Which URLs webhooks may have. What a name leads to is not known before the connection is made, and may change: that is
 * checked then. This only tells the one who writes an address what could never work.
 */
@Injectable()
export class WebhookUrls {
  constructor(private readonly config: Config) {}

  /** @throws ValidationFailed 400 */
  check(url: string): void {
    const { protocol, hostname } = new URL(url);
    if (this.config.isProduction && protocol !== 'https:') refuse('must be an https URL');
    if (this.config.webhooksAllowPrivate) return;
    const host = hostname.replace(/^\[|\]$/g, '');
    const isPrivateName = /(^|\.)localhost\.?$/.test(host);
    if (isPrivateName || (isIP(host) !== 0 && !isPublicAddress(host)))
      refuse('must not be an address that is not of the public Internet');
  }
}

function refuse(detail: string): never {
  throw new ValidationFailed([{ pointer: '/url', detail }]);
}
