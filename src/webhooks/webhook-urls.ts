import { Injectable } from '@nestjs/common';
import { isIP } from 'node:net';
import { Config } from '../config.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';
import { isPublicAddress } from '../platform/http/public-address.js';

/**
 * Decides which URLs webhooks may have. A name's address is only known when the connection is made, and may change, so
 * it is checked then. This check reports URLs that can never work.
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
      refuse('must be an address of the public Internet');
  }
}

function refuse(detail: string): never {
  throw new ValidationFailed([{ pointer: '/url', detail }]);
}
