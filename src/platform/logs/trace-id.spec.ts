import { describe, expect, it } from '@jest/globals';
import { traceId } from './trace-id.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('traceId', () => {
  it.each([`00-${TRACE}-${PARENT}-01`, `cc-${TRACE}-${PARENT}-01-what-a-later-version-adds`])(
    'finds the trace in %s',
    (traceparent) => {
      expect(traceId(traceparent)).toBe(TRACE);
    },
  );

  it.each([
    undefined,
    '',
    'garbage',
    `ff-${TRACE}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01\n{"level":"fatal"}`,
  ])('takes nothing from %j', (traceparent) => {
    expect(traceId(traceparent)).toBeUndefined();
  });
});
