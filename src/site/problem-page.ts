import { html } from '../platform/markup/html.js';
import { layout } from './layout.js';
import type { SiteView } from './site-view.js';
import type { ShownProblem } from './texts.js';

/** Shows a problem document as a page. */
export function problemPage(view: SiteView, problem: ShownProblem): string {
  const { title, detail = '' } = view.texts.problem(problem);
  return layout(
    view,
    { heading: title, description: title },
    html`<h1>${title}</h1>
      <p>${detail}</p>
      <p><a href="/blog/">${view.texts.allPosts}</a></p>`,
  );
}
