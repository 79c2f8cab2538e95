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
    posts: count.optional().describe('Published ones. Absent where only accounts are served.'),
    categories: count.optional(),
    users: count.optional().describe('Absent where accounts are served by other processes.'),
  })
  .meta({ id: 'Stats' });
export type Stats = z.output<typeof statsSchema>;
