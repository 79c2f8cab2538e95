import { z } from 'zod';
import { presentedPasswordSchema } from '../platform/passwords/password.schemas.js';

const MAX_NAME_LENGTH = 100;
const MAX_REFRESH_TOKEN_LENGTH = 200;

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
  .strictObject({ refresh_token: z.string().min(1).max(MAX_REFRESH_TOKEN_LENGTH) })
  .meta({ id: 'Refresh' });

export const tokensSchema = z
  .object({
    status: z.literal('success'),
    token: z.string().meta({ description: 'Access token, for `Authorization: Bearer`.' }),
    token_type: z.literal('Bearer'),
    expires_in: z.int().meta({ description: 'Seconds the access token is valid for.', examples: [600] }),
    refresh_token: z.string().meta({ description: 'Good for one refresh.' }),
  })
  .meta({ id: 'Tokens' });

export const verificationSchema = z
  .object({
    status: z.literal('success'),
    data: z.object({
      user_id: z.int(),
      username: z.string(),
      exp: z.int().meta({ description: 'Seconds since the epoch at which the access token ends.' }),
    }),
  })
  .meta({ id: 'Verification' });

export type Login = z.output<typeof loginSchema>;
export type Refresh = z.output<typeof refreshSchema>;
export type Tokens = z.output<typeof tokensSchema>;
export type Verification = z.output<typeof verificationSchema>;
