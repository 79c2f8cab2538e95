import { describe, expect, it } from '@jest/globals';
import { Config } from '../../config.js';
import { cdnHeadersFor } from './cdn-headers.js';

const generic = { CDN_PURGE_PROVIDER: 'generic', CDN_PURGE_URL: 'https://cdn.example/' };

describe('cdnHeadersFor', () => {
  it('gives none without a CDN, always the same object', () => {
    const headers = cdnHeadersFor(Config.from({}));
    expect(headers(['posts'], 60_000)).toEqual({});
    expect(headers(['posts'], 60_000)).toBe(headers(['post:1'], 1_000));
  });

  it('rounds the TTL down to seconds', () => {
    const headers = cdnHeadersFor(Config.from({ ...generic, STALE_IF_ERROR_SECONDS: '0' }));
    expect(headers(['posts'], 60_999)).toEqual({
      'cdn-cache-control': 's-maxage=60, stale-if-error=0',
      'surrogate-key': 'posts',
    });
  });

  it('lets nothing be kept that has more tags than a header holds', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `author:${index}`);
    expect(cdnHeadersFor(Config.from(generic))(many, 60_000)).toEqual({ 'cdn-cache-control': 'no-store' });
  });
});
