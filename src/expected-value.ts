import { z } from 'zod';

interface Described {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const describe = (schema: z.ZodType, io: 'input' | 'output'): Described =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Described;

const rangeOf = ({ minimum, maximum }: Described): string =>
  minimum === undefined || maximum === undefined ? '' : ` from ${minimum} to ${maximum}`;

/**
 * Describes the values that a variable may have: `a whole number from 0 to 65535`.
 * @returns undefined if its schema only says that it is text or a list
 */
export function expectedValue(schema: z.ZodType): string | undefined {
  const [output, input] = [describe(schema, 'output'), describe(schema, 'input')];
  const choices = output.enum ?? input.enum;
  if (choices !== undefined) return `one of ${choices.join(', ')}`;
  if (output.type === 'integer') return `a whole number${rangeOf(output)}`;
  if (output.type === 'number') return `a number${rangeOf(output)}`;
  return output.format === 'uri' ? 'a URL' : undefined;
}
