import { html, type Html, trusted } from '../platform/markup/html.js';
import { renderNote } from '../platform/markup/render-note.js';
import type { SiteSettings } from '../settings/settings.service.js';
import type { SiteView } from './site-view.js';
import { stylesheetHref } from '../platform/pages/accented-stylesheet.js';

export interface PageFrame {
  /** Null on the front page, which is called like the blog. */
  readonly heading: string | null;
  readonly description: string;
  /** The absolute URL of the page, if the public URL is known. */
  readonly canonical?: string | undefined;
  /** The search words. */
  readonly q?: string | undefined;
  readonly type?: 'website' | 'article';
  /** True to keep the page out of search engines, and its address from other sites. */
  readonly isHidden?: boolean;
}

const iconHref = ({ icon }: SiteSettings): string => `/blog/assets/${icon ?? 'icon.svg'}`;

const nameOf = ({ title, logo }: SiteSettings): Html =>
  logo === null ? html`${title}` : html`<img src="/blog/assets/${logo}" alt="${title}" />`;

const navigation = ({ settings, texts }: SiteView): Html | null =>
  settings.navigation.length === 0
    ? null
    : html`<nav class="links" aria-label="${texts.navigation}">
        ${settings.navigation.map(({ label, url }) => html`<a href="${url}">${label}</a> `)}
      </nav>`;

const note = ({ footer }: SiteSettings): Html | null =>
  footer === '' ? null : html`<div class="note" dir="auto">${trusted(renderNote(footer))}</div>`;

/** The whole document around the content of a page. */
export function layout(view: SiteView, frame: PageFrame, content: Html): string {
  const { settings, texts } = view;
  const { heading, description, canonical, q = '', type = 'website', isHidden = false } = frame;
  const title = heading === null ? settings.title : `${heading} · ${settings.title}`;
  return String(
    html`${trusted('<!doctype html>')}
      <html lang="${settings.language}">
        <head>
          <meta charset="utf-8" />
          <title>${title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="description" content="${description}" />
          <meta property="og:site_name" content="${settings.title}" />
          <meta property="og:title" content="${heading ?? settings.title}" />
          <meta property="og:description" content="${description}" />
          <meta property="og:type" content="${type}" />
          ${isHidden && html`<meta name="robots" content="noindex, nofollow" /><meta name="referrer" content="no-referrer" />`}
          ${canonical !== undefined && html`<link rel="canonical" href="${canonical}" />`}
          <link rel="icon" href="${iconHref(settings)}" />
          <link rel="stylesheet" href="${stylesheetHref(settings.accent_color)}" />
        </head>
        <body>
          <a class="skip" href="#content">${texts.skip}</a>
          <header class="site">
            <a class="name" href="/blog/">${nameOf(settings)}</a>
            ${navigation(view)}
            <form role="search" action="/blog/" method="get">
              <input type="search" name="q" value="${q}" aria-label="${texts.searchLabel}" maxlength="200" />
              <button>${texts.search}</button>
            </form>
          </header>
          <main id="content">${content}</main>
          <footer class="site">${note(settings)} ${texts.publishedWith} · <a href="/docs">API</a></footer>
        </body>
      </html> `,
  );
}
