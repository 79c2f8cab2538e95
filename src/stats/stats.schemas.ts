import { z } from 'zod';

const count = z
  .int()
  .min(0)
  .meta({ examples: [12] });
const label = (example: string) => z.string().meta({ maxLength: 100, examples: [example] });

export const statsSchema = z
  .strictObject({
    service: label('inkwell'),
    version: label('0.1.0'),
    node: label('v24.21.0').describe('Version of Node.js.'),
    uptime_seconds: count,
    database: z.strictObject({
      version: label('18.4'),
      connections: z.strictObject({
        idle: count,
        in_use: count,
        pending: count.describe('Callers waiting for a connection.'),
      }),
    }),
    cache: z
      .strictObject({
        hits: count,
        misses: count,
        hit_ratio: z
          .number()
          .min(0)
          .max(1)
          .nullable()
          .meta({ examples: [0.97] })
          .describe('`null` before the first read.'),
      })
      .describe('Reads from all caches since the start of this process.'),
    posts: count.optional().describe('Published posts only. Absent where only accounts are served.'),
    categories: count.optional(),
    users: count.optional().describe('Absent where other processes serve the accounts.'),
  })
  .meta({ id: 'Stats' });
export type Stats = z.output<typeof statsSchema>;
