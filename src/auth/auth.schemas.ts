import { z } from 'zod';
import { MAX_ID } from '../platform/openapi/api-values.js';
import { presentedPasswordSchema } from '../platform/passwords/password.schemas.js';

const MAX_NAME_LENGTH = 100;
const MAX_REFRESH_TOKEN_LENGTH = 200;
/** An example for the API document. */
const REFRESH_TOKEN = 'c2l4dHktZm91ciBieXRlcyBvZiBub3RoaW5nLCBiYXN';

export const loginSchema = z
  .strictObject({
    username: z
      .string()
      .trim()
      .toLowerCase()
      .min(1)
      .max(MAX_NAME_LENGTH)
      .meta({ examples: ['ada'] }),
    password: presentedPasswordSchema,
  })
  .meta({ id: 'Login' });

export const refreshSchema = z
  .strictObject({
    refresh_token: z
      .string()
      .min(1)
      .max(MAX_REFRESH_TOKEN_LENGTH)
      .meta({ examples: [REFRESH_TOKEN] }),
  })
  .meta({ id: 'Refresh' });

export const tokensSchema = z
  .object({
    status: z.literal('success'),
    token: z.string().meta({
      description: 'Access token, for `Authorization: Bearer`.',
      maxLength: 1_000,
      pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
      examples: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl'],
    }),
    token_type: z.literal('Bearer'),
    expires_in: z
      .int()
      .min(0)
      .max(600)
      .meta({ description: 'How many seconds the access token is valid.', examples: [600] }),
    refresh_token: z.string().meta({
      description: 'Valid for one refresh.',
      maxLength: 43,
      pattern: '^[A-Za-z0-9_-]{43}$',
      examples: [REFRESH_TOKEN],
    }),
  })
  .meta({ id: 'Tokens' });

export const verificationSchema = z
  .object({
    status: z.literal('success'),
    data: z.object({
      user_id: z
        .int()
        .min(1)
        .max(MAX_ID)
        .meta({ examples: [7] }),
      username: z.string().meta({ maxLength: 30, examples: ['ada'] }),
      exp: z
        .int()
        .min(0)
        .meta({
          description: 'When the access token expires, in seconds since the epoch.',
          examples: [1_769_853_000],
        }),
    }),
  })
  .meta({ id: 'Verification' });

export type Login = z.output<typeof loginSchema>;
export type Refresh = z.output<typeof refreshSchema>;
export type Tokens = z.output<typeof tokensSchema>;
export type Verification = z.output<typeof verificationSchema>;
