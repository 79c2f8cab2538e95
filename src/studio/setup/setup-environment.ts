import { z } from 'zod';

export const setupEnvironment = {
  SETUP_TOKEN: z
    .string()
    .min(16, 'it must have at least 16 characters')
    .regex(/^[\x21-\x7e]*$/, 'it must be of printable ASCII, without spaces')
    .optional()
    .describe(
      'Code of the setup page, on which the first administrator signs up. Default: a code that the server logs at its start.',
    ),
};
