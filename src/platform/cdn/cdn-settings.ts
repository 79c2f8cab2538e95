import { z } from 'zod';

/** CDN settings from the environment. */
export const cdnEnvironment = {
  CDN_PURGE_PROVIDER: z
    .enum(['fastly', 'cloudflare', 'generic'])
    .optional()
    .describe('CDN in front of this server. Answers carry tags for it, and changes purge it.'),
  CDN_PURGE_ZONE: z.string().optional().describe('Zone id of Cloudflare, or service id of Fastly.'),
  CDN_PURGE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional()
    .describe('API token with the right to purge.'),
  CDN_PURGE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'URL to which `generic` posts purges. For Fastly and Cloudflare: base URL of the API, if it is not their own.',
    ),
  CDN_PURGE_AGAIN_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(5)
    .describe(
      'Seconds until the second purge, which removes stale answers that were on their way to the CDN during the first. 0 switches it off.',
    ),
};

const NEEDS = {
  fastly: ['CDN_PURGE_ZONE', 'CDN_PURGE_TOKEN'],
  cloudflare: ['CDN_PURGE_ZONE', 'CDN_PURGE_TOKEN'],
  generic: ['CDN_PURGE_URL'],
} as const;
const SETTINGS = ['CDN_PURGE_ZONE', 'CDN_PURGE_TOKEN', 'CDN_PURGE_URL'] as const;

interface Values extends Readonly<Partial<Record<(typeof SETTINGS)[number], string | undefined>>> {
  readonly CDN_PURGE_PROVIDER?: keyof typeof NEEDS | undefined;
}

/** @returns a one-line message if the settings do not fit together */
export function cdnProblemOf(values: Values): string | undefined {
  const { CDN_PURGE_PROVIDER: provider } = values;
  if (provider === undefined) {
    const given = SETTINGS.filter((name) => values[name] !== undefined);
    return given.length > 0 ? `${given.join(' and ')} without CDN_PURGE_PROVIDER` : undefined;
  }
  const missing = NEEDS[provider].filter((name) => values[name] === undefined);
  return missing.length > 0 ? `CDN_PURGE_PROVIDER=${provider} needs ${missing.join(' and ')}` : undefined;
}
