import { beforeEach, describe, expect, it } from '@jest/globals';
import { LeaseWatch } from './lease-watch.js';

const FULL_MS = 440;
const ofA = (mark: string) => [{ id: 'a', mark }];

describe('LeaseWatch', () => {
  let watch: LeaseWatch;

  beforeEach(() => {
    watch = new LeaseWatch(FULL_MS);
    watch.begin();
  });

  it('knows nothing until it has watched for the full length of a lease', () => {
    watch.observe([], 100);
    expect(watch.endsOf([], 100 + FULL_MS - 1)).toBeUndefined();
    expect(watch.endsOf([], 100 + FULL_MS)).toEqual(new Map());
  });

  it('lets a lease run for its full length from when its mark was first seen', () => {
    watch.observe(ofA('1'), 0);
    watch.observe(ofA('2'), 1_000);
    watch.observe(ofA('2'), 1_100);
    expect(watch.endsOf(ofA('2'), 1_200)).toEqual(new Map([['a', 1_000 + FULL_MS]]));
  });

  it('takes a mark that it has not seen, older or newer, for a renewal of now', () => {
    watch.observe(ofA('2'), 0);
    expect(watch.endsOf(ofA('3'), 5_000)).toEqual(new Map([['a', 5_000 + FULL_MS]]));
    expect(watch.endsOf(ofA('1'), 5_000)).toEqual(new Map([['a', 5_000 + FULL_MS]]));
  });

  it('begins anew with another history', () => {
    watch.observe(ofA('1'), 0);
    watch.begin();
    watch.observe(ofA('1'), 10_000);
    expect(watch.endsOf(ofA('1'), 10_001)).toBeUndefined();
  });

  it('counts the replicas that may hold a lease, and finds those that are gone for good', () => {
    watch.observe([...ofA('1'), { id: 'b', mark: '1' }], 0);
    watch.observe([...ofA('2'), { id: 'b', mark: '1' }], 1_000);
    expect(watch.countLive(1_001)).toBe(1);
    expect(watch.gone(1_001)).toEqual([]);
    expect(watch.gone(100 * FULL_MS)).toEqual([{ id: 'b', mark: '1' }]);
  });
});
