import { describe, expect, it, jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { logReadAnswer, logRequests } from './log-requests.js';
import type { Log } from './log.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const request = { id: 'r1', method: 'GET', headers: { traceparent }, routeOptions: { url: '/notes/:id' } };
const info = jest.fn();
const logAt = (level: string): Log =>
  // The part of a log that the code uses.
  ({ info, isLevelEnabled: (requested: string) => requested === level }) as unknown as Log;

describe('logReadAnswer', () => {
  it('writes the line that the router writes', () => {
    const lifecycle = new Lifecycle();
    lifecycle.markWarm();
    const addHook = (_: string, hook: (...given: unknown[]) => void): void =>
      hook(request, { statusCode: 200, elapsedTime: 1.5 }, () => undefined);
    logRequests({ addHook } as unknown as FastifyInstance, logAt('info'), lifecycle);
    const answer = {
      id: 'r1',
      traceparent,
      method: 'GET',
      route: '/notes/:id',
      status: 200,
      seconds: 0.0015,
    };
    logReadAnswer(logAt('info'), answer);
    expect(info.mock.calls).toHaveLength(2);
    expect(info.mock.calls[1]).toEqual(info.mock.calls[0]);
    logReadAnswer(logAt('error'), answer);
    expect(info).toHaveBeenCalledTimes(2);
  });
});
