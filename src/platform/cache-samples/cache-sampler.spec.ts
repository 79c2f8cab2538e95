import { describe, expect, it } from '@jest/globals';
import { CacheTally } from '../cache/cache-tally.js';
import { historiesOf } from './cache-history.js';
import { CacheSampler, minuteOf } from './cache-sampler.js';

function sampled() {
  const tally = new CacheTally();
  const sampler = new CacheSampler(tally);
  const read = (hits: number, misses: number, loadMs = 1): void => {
    tally.of('post').hits.memory += hits;
    tally.of('post').misses += misses;
    for (let i = 0; i < misses; i += 1) tally.loaded('post', loadMs / 1000);
  };
  return { sampler, read };
}

describe('CacheSampler', () => {
  it('keeps the last hour, with the minute that has begun', () => {
    const { sampler, read } = sampled();
    for (let minute = 1; minute <= 100; minute += 1) {
      read(minute, 1);
      sampler.endMinute(minute);
    }
    read(7, 0);
    const samples = sampler.samples();
    expect(samples).toHaveLength(60);
    expect([samples[0]!.minute, samples[0]!.caches.post!.hits]).toEqual([42, 42]);
    expect(samples.at(-1)!.caches.post).toMatchObject({ hits: 7, misses: 0 });
    expect(samples.at(-1)!.minute).toBe(minuteOf(Date.now()));
  });

  it('leaves out a cache that nobody asked within the minute', () => {
    const { sampler, read } = sampled();
    read(1, 1);
    sampler.endMinute(1);
    sampler.endMinute(2);
    expect(sampler.samples().map(({ caches }) => Object.keys(caches))).toEqual([['post'], [], []]);
  });
});

describe('historiesOf', () => {
  it('adds up several processes, minute by minute', () => {
    const [one, other] = [sampled(), sampled()];
    one.read(8, 2, 1);
    other.read(2, 8, 100);
    for (const { sampler } of [one, other]) sampler.endMinute(500);
    const samples = [one, other].flatMap(({ sampler }) => sampler.samples());
    const [post, ...none] = historiesOf(samples, 505);
    expect(none).toEqual([]);
    expect(post!.points.map(({ minute }) => minute)).toEqual(Array.from({ length: 60 }, (_, i) => 446 + i));
    const point = post!.points.find(({ minute }) => minute === 500)!;
    expect(point).toMatchObject({ hits: 10, misses: 10, hitRatio: 0.5 });
    expect(point.p50).toBeGreaterThan(50);
    expect(post!.points.find(({ minute }) => minute === 501)).toMatchObject({ hitRatio: null, p50: null });
    expect(post!.total.hits).toBe(10);
  });

  it('ignores what is older than an hour', () => {
    const { sampler, read } = sampled();
    read(1, 1);
    sampler.endMinute(100);
    expect(historiesOf(sampler.samples(), 160)).toEqual([]);
    expect(historiesOf(sampler.samples(), 159)).toHaveLength(1);
  });
});
