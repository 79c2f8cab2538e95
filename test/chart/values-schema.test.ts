import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { Config, environmentSchema } from '../../src/config.js';

type Name = keyof typeof environmentSchema.shape;
type Value = string | number | boolean;

const schema = JSON.parse(readFileSync('helm/inkwell/values.schema.json', 'utf8')) as {
  properties: { config: { properties: Record<Name, object> } };
};
const ajv = new Ajv({ strict: false });
const variables = Object.entries(schema.properties.config.properties).map(
  ([name, field]) => [name as Name, ajv.compile(field)] as const,
);

const VALUES: readonly Value[] = [
  ...[
    -1,
    0,
    0.5,
    1,
    16,
    100,
    4_000,
    67_108_864,
    1e13,
    true,
    false,
    '',
    ' ',
    '*',
    'many',
    '-1',
    '0',
    '1',
    '12',
    '1e3',
    '0x10',
    'a,b',
  ],
  ...[
    'true',
    'false',
    'yes',
    'on',
    'info',
    'verbose',
    'reader',
    'author',
    'admin',
    'network',
    'full',
    'open',
    'closed',
    'ko',
    'de-DE',
  ],
  ...[
    'https://a.example',
    'https://a.example/',
    'https://a.example/path',
    'https://a.example:8443',
    'https://[::1]:3000',
  ],
  ...[
    'https://A.example',
    'https://a.example, https://b.example',
    'https://a.example,*',
    'http://',
    'a.example',
  ],
  ...['10.0.0.0/8', '10.0.0.0/99', 'fd00::/8', '/var/lib/theme', 'eu-central-1'],
  ...['Europe/Berlin', 'Notes on tea', '#1f5fae', '[]', '[{"label":"About","url":"/about"}]'],
];

/** Parses as the process would, but only this variable. */
const isTaken = (name: Name, value: Value): boolean => {
  if (value === '') return true;
  return environmentSchema.shape[name].safeParse(String(value)).success;
};

describe('`config` in helm/inkwell/values.schema.json', () => {
  it.each(variables)('allows of %s nothing that the process refuses, and something', (name, isAllowed) => {
    const allowed = VALUES.filter((value) => isAllowed(value));
    expect(allowed.filter((value) => !isTaken(name, value))).toEqual([]);
    expect(allowed.length).toBeGreaterThan(0);
  });

  const defaults = variables.flatMap(([name, isAllowed]) => {
    const value: unknown = environmentSchema.shape[name].parse(undefined);
    // Unset means no value, and a list is written as text.
    return value === undefined || Array.isArray(value) ? [] : [[name, value, isAllowed] as const];
  });
  it.each(defaults)('allows of %s its default, %s', (_, value, isAllowed) => {
    expect(isAllowed(value)).toBe(true);
  });

  it('would let a process start, with a value that it allows for every variable', () => {
    const environment = variables.map(([name, isAllowed]) => [
      name,
      VALUES.find((value) => isAllowed(value)),
    ]);
    expect(() =>
      Config.from(
        Object.fromEntries(environment.map(([name, value]) => [name, String(value)])) as Record<
          string,
          string
        >,
      ),
    ).not.toThrow();
  });
});
