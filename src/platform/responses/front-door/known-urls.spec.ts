import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CacheTally } from '../../cache/cache-tally.js';
import { parseSnapshot } from '../../coherence/snapshot.js';
import { CachedAnswer } from '../cached-answer.js';
import { CachedRoute } from '../cached-route.js';
import { KnownUrls } from './known-urls.js';

const route = new CachedRoute('NotesController.get', { cache: 'post', ttlSeconds: 60 }, 60_000);
const provenance = { tags: [], snapshot: parseSnapshot('5:5:'), epoch: 'e1' };

/** @param own headers that the entry contains @param sent the other headers of the reply */
const reply = (key: string, own: Record<string, string>, sent: Record<string, string>): FastifyReply => {
  const content = {
    status: 200,
    contentType: 'text/plain',
    headers: own,
    etag: '"x"',
    body: Buffer.from('x'),
  };
  const answer = new CachedAnswer({ ...content, ...provenance }, { storedAtMs: 0, ttlMs: 60_000 }, false);
  const cacheKey = { key, pathTag: `path:/notes/${key}`, isTransient: false, input: {} };
  // The part of a reply that the code reads.
  return {
    prepared: { cacheKey, answer, route },
    getHeaders: () => ({ ...own, ...sent }),
  } as unknown as FastifyReply;
};

describe('KnownUrls', () => {
  it('know of a URL its key, and of its route the headers that its entries do not carry', () => {
    const urls = new KnownUrls(new CacheTally());
    urls.learn('/notes/1', '/notes/:id', reply('1', { link: '</notes/2>' }, { vary: 'Origin', age: '3' }));
    urls.learn('/notes/2', '/notes/:id', reply('2', {}, { vary: 'Origin', age: '9' }));
    expect(urls.find('/notes/1')).toMatchObject({
      cacheKey: { key: '1' },
      known: { headerLines: 'vary: Origin\r\n' },
    });
    expect(urls.find('/notes/2')).toMatchObject({ cacheKey: { key: '2' } });
    expect(urls.find('/notes/3')).toBeUndefined();
    expect([...urls.routes].map(({ template }) => template)).toEqual(['/notes/:id']);
  });

  it('leave a route to the router, with a warning, once its answers differ in headers that no entry carries', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const urls = new KnownUrls(new CacheTally());
    urls.learn('/notes/1', '/notes/:id', reply('1', {}, { vary: 'Origin' }));
    urls.learn('/notes/2', '/notes/:id', reply('2', {}, { vary: 'Origin', 'surrogate-key': 'note-2' }));
    expect([urls.find('/notes/1'), urls.find('/notes/2')]).toEqual([undefined, undefined]);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
