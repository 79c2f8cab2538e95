import { PROBLEM_TYPES } from '../errors/problem-types.js';
import { html } from '../markup/html.js';

const items = Object.entries(PROBLEM_TYPES).map(
  ([code, { status, title, detail }]) =>
    html`<dt id="${code}"><a href="#${code}">${code}</a></dt>
        <dd>${status}: ${title}. ${detail}</dd>`,
);

/** Lists what each code means. The `type` of a problem document links to its entry here. */
export const problemList = String(
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Problems of the Inkwell API</title>
      </head>
      <body>
        <h1>Problems of the Inkwell API</h1>
        <p>
          Errors are problem documents (RFC 9457). Their <code>code</code> is stable; their <code>type</code> leads here.
          See also the <a href="/docs">API documentation</a>.
        </p>
        <dl>
          ${items}
        </dl>
      </body>
    </html> `,
);
