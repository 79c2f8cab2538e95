import { z } from 'zod';

export const aliveSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Alive' });
export type Alive = z.output<typeof aliveSchema>;

export const readinessSchema = z
  .strictObject({
    status: z
      .enum(['ok', 'degraded'])
      .describe('`degraded`: all requests are answered, but slower or with fewer features.'),
    checks: z
      .record(z.string(), z.enum(['up', 'degraded', 'down']))
      .meta({ maxProperties: 10, examples: [{ postgresql: 'up', redis: 'up' }] })
      .describe('By dependency.'),
  })
  .meta({ id: 'Readiness' });
export type ReadinessReport = z.output<typeof readinessSchema>;
