import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { unknownParameters, validationFailed } from './validation-failed.js';

const schema = z.strictObject({
  title: z.string(),
  nested: z.array(z.strictObject({ a: z.int() })).optional(),
});

const errorsOf = (value: unknown) => {
  const { issues } = schema['~standard'].validate(value) as { issues: [] };
  return validationFailed(issues).errors;
};

describe('validationFailed', () => {
  it('points at each unknown member, as at each wrong one', () => {
    expect(errorsOf({ 'a/b~c': 1, titel: 'x', title: 5, nested: [{ a: 1 }, { a: 1, b: 2 }] })).toEqual([
      { pointer: '/title', detail: expect.stringMatching(/string/) },
      { pointer: '/nested/1/b', detail: 'is unknown here' },
      { pointer: '/a~1b~0c', detail: 'is unknown here' },
      { pointer: '/titel', detail: 'is unknown here' },
    ]);
  });

  it('tells of twenty faults, and sends back no long name', () => {
    const members = Array.from({ length: 30 }, (_, i) => [`${i}${'x'.repeat(200)}`, i]);
    const errors = errorsOf({ title: '', ...Object.fromEntries(members) });
    expect(errors).toHaveLength(20);
    expect(Math.max(...errors!.map(({ pointer }) => pointer.length))).toBe(101);
  });
});

describe('unknownParameters', () => {
  it('points at them by their names', () => {
    expect(unknownParameters(['limt'])).toMatchObject({
      status: 400,
      errors: [{ pointer: '/limt', detail: 'is unknown here' }],
    });
  });
});
