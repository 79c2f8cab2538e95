import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const css = readFileSync(new URL('./site.css', import.meta.url), 'utf8');
const version = createHash('sha256').update(css).digest('base64url').slice(0, 10);

/** The only style sheet. Its URL changes with its content, so that it can be cached for ever. */
export const stylesheet = {
  css,
  path: '/blog/assets/site.css',
  href: `/blog/assets/site.css?v=${version}`,
} as const;
