import { html } from './html.js';
import { layout } from './layout.js';

/** What a problem document says, for people. */
export const problemPage = ({ title, detail }: { title: string; detail?: string }): string =>
  layout(
    { title: `${title} · Inkwell`, description: title },
    html`<h1>${title}</h1>
      <p>${detail ?? ''}</p>
      <p><a href="/blog/">All posts</a></p>`,
  );
