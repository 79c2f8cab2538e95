import { z } from 'zod';

const count = z.int().min(0);

export const statsSchema = z
  .strictObject({
    service: z.string(),
    version: z.string(),
    node: z.string().describe('Version of the runtime.'),
    uptime_seconds: count,
    database: z.strictObject({
      version: z.string(),
      connections: z.strictObject({
        idle: count,
        in_use: count,
        pending: count.describe('Requests that wait for a connection.'),
      }),
    }),
    cache: z
      .strictObject({
        hits: count,
        misses: count,
        hit_ratio: z.number().min(0).max(1).nullable().describe('`null` before the first read.'),
      })
      .describe('Reads of all caches since the start of this process.'),
    posts: count.describe('Published ones.'),
    categories: count,
    users: count,
  })
  .meta({ id: 'Stats' });
export type Stats = z.output<typeof statsSchema>;
