import { z } from 'zod';
import { fields } from './settings.fields.js';

const fixes = 'Fixes this setting, which administrators can otherwise change in the Studio.';

/** JSON in a variable. */
const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('must be JSON');
    return z.NEVER;
  }
});

/** Settings of the blog that the environment fixes. Unset variables leave them to the administrators. */
export const siteEnvironment = {
  REGISTRATION: z
    .enum(['open', 'closed'])
    .optional()
    .describe(
      'Who may create accounts: everybody, or only operators with `inkwell user create`. Default: as an administrator chose in the Studio; before that `open`, in production `closed`.',
    ),
  SITE_TITLE: fields.title.optional().describe(`Name of the blog. ${fixes}`),
  SITE_DESCRIPTION: fields.description.optional().describe(`One sentence about the blog. ${fixes}`),
  SITE_LANGUAGE: fields.language.optional().describe(`Language of the public pages. ${fixes}`),
  SITE_TIME_ZONE: fields.time_zone
    .optional()
    .describe(`Time zone of the dates on the public pages, such as \`Asia/Seoul\`. ${fixes}`),
  SITE_POSTS_PER_PAGE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(`Posts on one page of a list. ${fixes}`),
  SITE_ACCENT_COLOR: fields.accent_color.optional().describe(`Colour of links, as \`#1f5fae\`. ${fixes}`),
  SITE_NAVIGATION: json
    .pipe(fields.navigation)
    .optional()
    .describe(
      `Links on top of every page, as JSON: \`[{"label":"About","url":"/blog/posts/about"}]\`. ${fixes}`,
    ),
  SITE_FOOTER: fields.footer.optional().describe(`Markdown at the end of every page. ${fixes}`),
};
