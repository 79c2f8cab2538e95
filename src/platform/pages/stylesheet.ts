import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** In the order of the cascade. */
const PARTS = ['base', 'blog', 'studio', 'editor'];

const css = PARTS.map((name) => readFileSync(new URL(`./styles/${name}.css`, import.meta.url), 'utf8')).join(
  '\n',
);
const version = createHash('sha256').update(css).digest('base64url').slice(0, 10);

/** The only style sheet, for the blog and the Studio. Its URL changes with its content, so that it can be cached for ever. */
export const stylesheet = {
  css,
  version,
  path: '/blog/assets/site.css',
  href: `/blog/assets/site.css?v=${version}`,
} as const;
