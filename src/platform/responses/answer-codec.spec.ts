import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerContent } from './cached-answer.js';
import { decodeAnswer, encodeAnswer } from './redis-answers.js';

const content: AnswerContent = {
  status: 200,
  contentType: 'application/json; charset=utf-8',
  headers: { link: '</x>; rel="next"' },
  etag: '"3-x"',
  body: Buffer.from('["한국어"]'),
  tags: ['posts', 'author:1'],
  snapshot: { xmax: 20, xip: [14] },
  epoch: 'e1',
};
const times = { storedAtMs: 1_700_000_000_000, ttlMs: 60_000 };

describe('decodeAnswer', () => {
  it('reads back what encodeAnswer wrote', () => {
    expect(decodeAnswer(encodeAnswer(content, times))).toEqual({ content, times });
  });

  it('reads back what the answer was made of besides', () => {
    const inputs = [{ tags: ['author:1'], snapshot: { xmax: 19, xip: [] }, epoch: 'e1' }];
    const whole = { ...content, inputs };
    expect(decodeAnswer(encodeAnswer(whole, times))).toEqual({ content: whole, times });
  });

  it.each([
    [{}],
    [[null]],
    [[{ tags: ['a'], epoch: 'e1' }]],
    [[{ tags: [], snapshot: { xmax: 'x' }, epoch: '' }]],
  ])('takes nothing from an entry whose inputs are %j', (inputs) => {
    const bytes = encodeAnswer({ ...content, inputs: inputs as never }, times);
    expect(decodeAnswer(bytes)).toBeUndefined();
  });

  it('takes nothing from an entry cut short anywhere in its header', () => {
    const bytes = encodeAnswer(content, times);
    const headerEnd = 4 + bytes.readUInt32BE(0);
    for (let length = 0; length < headerEnd; length += 1)
      expect(decodeAnswer(bytes.subarray(0, length))).toBeUndefined();
  });

  it('takes nothing from an entry of another build', () => {
    const bytes = encodeAnswer(content, times);
    const other = Buffer.from(bytes.toString('latin1').replace('"format":3', '"format":0'), 'latin1');
    expect(decodeAnswer(other)).toBeUndefined();
  });

  it('never throws on garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeAnswer(Buffer.from(bytes));
      }),
    );
    expect(decodeAnswer(Buffer.from('\0\0\0\u0004nullx'))).toBeUndefined();
  });
});
