import { describe, expect, it } from '@jest/globals';
import { parseDate } from './parse-date.js';

describe('parseDate', () => {
  it.each([
    ['2019-05-01', '2019-05-01T00:00:00.000Z'],
    ['2019-5-1', '2019-05-01T00:00:00.000Z'],
    ['2019/05/01', '2019-05-01T00:00:00.000Z'],
    ['2019-05-01 10:20', '2019-05-01T10:20:00.000Z'],
    ['2019-05-01T10:20:30Z', '2019-05-01T10:20:30.000Z'],
    ['2019-05-01T10:20:30.123456Z', '2019-05-01T10:20:30.123Z'],
    ['2019-05-01T10:20:30.5Z', '2019-05-01T10:20:30.500Z'],
    ['2019-05-01 10:20:30 +0900', '2019-05-01T01:20:30.000Z'],
    ['2019-05-01T10:20:30-07:30', '2019-05-01T17:50:30.000Z'],
    ['2019-05-01 10:20:30 +09', '2019-05-01T01:20:30.000Z'],
    ['2019-05-01 10:20:30 UTC', '2019-05-01T10:20:30.000Z'],
    ['Wed, 01 May 2019 10:20:30 +0000', '2019-05-01T10:20:30.000Z'],
    ['Wed, 01 May 2019 10:20:30 +0900', '2019-05-01T01:20:30.000Z'],
    ['May 1, 2019', '2019-05-01T00:00:00.000Z'],
    ['Jul 08 2022', '2022-07-08T00:00:00.000Z'],
    ['1 May 2019 10:20', '2019-05-01T10:20:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('reads %j', (text, instant) => expect(parseDate(text)?.toISOString()).toBe(instant));

  it.each([
    '',
    'yesterday',
    'Last Modified',
    '01/05/2019',
    '2019-02-30',
    '2019-13-01',
    '2019-05-01 25:00',
    '0000-00-00 00:00:00',
    '12019-05-01',
    '2019-05-01T10:20:30 Mars',
    'maybe 1, 2019, or not',
  ])('does not guess what %j means', (text) => expect(parseDate(text)).toBeUndefined());

  it('takes a time without a zone for one of the blog', () => {
    expect(parseDate('2019-05-01 10:00', 'Asia/Seoul')?.toISOString()).toBe('2019-05-01T01:00:00.000Z');
    expect(parseDate('May 1, 2019', 'Asia/Seoul')?.toISOString()).toBe('2019-04-30T15:00:00.000Z');
  });

  it('knows the summer time of the blog', () => {
    expect(parseDate('2019-01-15 12:00', 'Europe/Berlin')?.toISOString()).toBe('2019-01-15T11:00:00.000Z');
    expect(parseDate('2019-07-15 12:00', 'Europe/Berlin')?.toISOString()).toBe('2019-07-15T10:00:00.000Z');
    expect(parseDate('2019-07-15 12:00', 'America/St_Johns')?.toISOString()).toBe('2019-07-15T14:30:00.000Z');
  });

  it('believes the zone that is written rather than the blog’s', () => {
    expect(parseDate('2019-05-01 10:00:00 +0200', 'Asia/Seoul')?.toISOString()).toBe(
      '2019-05-01T08:00:00.000Z',
    );
  });
});
