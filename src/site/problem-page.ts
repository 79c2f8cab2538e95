import { html } from '../platform/markup/html.js';
import { layout } from './layout.js';

/** Shows a problem document as a page. */
export const problemPage = ({ title, detail }: { title: string; detail?: string }): string =>
  layout(
    { title: `${title} · Inkwell`, description: title },
    html`<h1>${title}</h1>
      <p>${detail ?? ''}</p>
      <p><a href="/blog/">All posts</a></p>`,
  );
