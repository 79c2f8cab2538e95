import type { Principal } from '../platform/access/principal.js';
import { html, type Html, trusted } from '../platform/markup/html.js';
import { stylesheetHref } from '../platform/pages/accented-stylesheet.js';
import { scriptOf } from './assets/studio-assets.js';
import { actionButton, notice } from './components.js';
import { commonTexts } from './texts/common.js';
import { textsOf, type Visit } from './visit.js';

/** The pages in the navigation, by their path below /studio. */
type Section = 'posts' | 'settings' | 'categories' | 'people' | 'webhooks' | 'transfer' | 'cache' | 'account';

const FOR_ADMINISTRATORS: readonly Section[] = [
  'categories',
  'settings',
  'people',
  'transfer',
  'webhooks',
  'cache',
];

export interface StudioPage {
  readonly title: string;
  /** The section that the navigation marks. */
  readonly current?: Section;
  /** For a page that is only a small form. */
  readonly isNarrow?: boolean;
  /** URL of a module script. */
  readonly script?: string | undefined;
  /** More elements for the head. */
  readonly head?: Html;
}

function navigation(visit: Visit, principal: Principal, current: Section | undefined): Html {
  const texts = textsOf(visit, commonTexts);
  const sections: readonly Section[] = [
    'posts',
    ...(principal.role === 'admin' ? FOR_ADMINISTRATORS : []),
    'account',
  ];
  const link = (section: Section): Html => {
    const isCurrent = section === current && html`aria-current="page"`;
    return html`<li><a href="/studio/${section}" ${isCurrent}>${texts[section]}</a></li> `;
  };
  return html`<nav aria-label="${texts.menu}">
    <a class="name" href="/studio" dir="auto">${visit.blog.title}</a>
    <ul>
      ${sections.map(link)}
      <li><a href="/blog/">${texts.viewBlog}</a></li>
    </ul>
    <div class="person">
      <p class="hint">${principal.username}</p>
      ${actionButton('/studio/sign-out', texts.signOut, 'quiet')}
    </div>
  </nav> `;
}

const scriptTag = (src: string | undefined): Html | false =>
  src !== undefined && html`<script type="module" src="${src}"></script>`;

/** A whole page of the Studio. Without a principal it has no navigation. */
export function studioPage(visit: Visit, page: StudioPage, content: Html): string {
  const { language, principal } = visit;
  const texts = textsOf(visit, commonTexts);
  return String(
    html`${trusted('<!doctype html>')}
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <title>${page.title} · ${visit.blog.title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <meta name="csp-nonce" content="${visit.nonce}" />
          <link rel="icon" href="/blog/assets/icon.svg" />
          <link rel="stylesheet" href="${stylesheetHref(visit.blog.accent)}" />
          ${[page.script, principal && scriptOf('sign-out')].map(scriptTag)}
          ${page.head ?? null}
        </head>
        <body class="studio ${principal === undefined && 'alone'}" data-user-id="${principal?.userId ?? ''}">
          <a class="skip" href="#main">${texts.skip}</a>
          ${principal !== undefined && navigation(visit, principal, page.current)}
          <main id="main" class="${page.isNarrow === true && 'narrow'}">
            ${visit.notice !== undefined && notice(visit.notice)} ${content}
          </main>
        </body>
      </html> `,
  );
}
