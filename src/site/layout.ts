import { html, type Html, trusted } from '../platform/markup/html.js';
import { stylesheet } from '../platform/pages/stylesheet.js';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%231f5fae' d='M16 2C22 11 26 16 26 21a10 10 0 0 1-20 0c0-5 4-10 10-19z'/%3E%3C/svg%3E";

export interface PageFrame {
  readonly title: string;
  readonly description: string;
  /** The absolute URL of the page, if the public URL is known. */
  readonly canonical?: string | undefined;
  /** The search words. */
  readonly q?: string | undefined;
  readonly type?: 'website' | 'article';
}

/** The whole document around the content of a page. */
export const layout = (
  { title, description, canonical, q = '', type = 'website' }: PageFrame,
  content: Html,
): string =>
  String(
    html`${trusted('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>${title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="description" content="${description}" />
          <meta property="og:title" content="${title}" />
          <meta property="og:description" content="${description}" />
          <meta property="og:type" content="${type}" />
          ${canonical !== undefined && html`<link rel="canonical" href="${canonical}" />`}
          <link rel="icon" href="${ICON}" />
          <link rel="stylesheet" href="${stylesheet.href}" />
        </head>
        <body>
          <a class="skip" href="#content">Skip to content</a>
          <header class="site">
            <a class="name" href="/blog/">Inkwell</a>
            <form role="search" action="/blog/" method="get">
              <input type="search" name="q" value="${q}" aria-label="Search the blog" maxlength="200" />
              <button>Search</button>
            </form>
          </header>
          <main id="content">${content}</main>
          <footer class="site">Served by Inkwell · <a href="/docs">API</a></footer>
        </body>
      </html> `,
  );
