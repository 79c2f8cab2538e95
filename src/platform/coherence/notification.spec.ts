import { describe, expect, it } from '@jest/globals';
import {
  acknowledgementOf,
  notificationOf,
  parseAcknowledgement,
  parseNotification,
} from './notification.js';

const WRITER = '3f0e8a52-7d0e-4f0e-9a52-0c8c2b1de001';
const change = (payload: object) => ({
  id: '7',
  xid: 700,
  event: 'post.revised',
  payload,
  tags: ['post:1'],
});

describe('notificationOf', () => {
  it('carries the changes', () => {
    const changes = [change({ id: 1 })];
    expect(parseNotification(notificationOf(WRITER, changes))).toEqual({ writer: WRITER, changes });
  });

  it('leaves out changes that PostgreSQL would not take', () => {
    const text = notificationOf(WRITER, [change({ title: '한'.repeat(2_700) })]);
    expect(Buffer.byteLength(text)).toBeLessThan(8_000);
    expect(parseNotification(text)).toEqual({ writer: WRITER, changes: undefined });
  });

  it.each(['', 'x', '[]', 'null', '{"writer":"x"}', `{"writer":"${WRITER}'; DROP TABLE posts"}`])(
    'does not know %j',
    (text) => {
      expect(parseNotification(text)).toBeUndefined();
    },
  );
});

describe('acknowledgementOf', () => {
  it('fits into one message, however much is acknowledged, and keeps the newest', () => {
    const xids = Array.from({ length: 100_000 }, (_, i) => 2 ** 53 - 100_000 + i);
    const payload = /', '(.*)'\)$/.exec(acknowledgementOf(WRITER, WRITER, xids))?.[1] ?? '';
    expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
    expect(parseAcknowledgement(payload)?.xids.at(-1)).toBe(2 ** 53 - 1);
  });

  it.each(['', '{}', '{"replica":1,"xids":[]}'])('does not know %j', (text) => {
    expect(parseAcknowledgement(text)).toBeUndefined();
  });
});
