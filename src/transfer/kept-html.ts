import { sanitiseHtml } from '../platform/markup/sanitise-html.js';
import type { Remarks } from './remarks.js';

const OPENING_TAG = /<([a-z][a-z0-9.-]*)((?:\s[^<>]*)?)>/gi;
const ATTRIBUTE = /\s([a-z][\w:-]*)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/gi;
const CODE = /^(```+|~~~+)[\s\S]*?^\1|`[^`\n]*`/gm;
const LOCAL_FILE =
  /(?:!\[[^\]\n]*\]\(\s*<?|\b(?:src|poster)\s*=\s*["']?)(?!https?:|data:|\/\/|["'])([^\s"'<>)]+\.\w+)/gi;

interface Markup {
  readonly elements: ReadonlySet<string>;
  /** `img class`: element and attribute, separated by a space. */
  readonly attributes: ReadonlySet<string>;
}

/** HTML elements in lower case. MDX components keep their case. */
const nameOf = (tag: string): string => (/^[A-Z][a-z]/.test(tag) ? tag : tag.toLowerCase());

function markupOf(html: string): Markup {
  const elements = new Set<string>();
  const attributes = new Set<string>();
  for (const [, tag, rest] of html.matchAll(OPENING_TAG)) {
    const element = nameOf(tag!);
    elements.add(element);
    for (const [, name] of rest!.matchAll(ATTRIBUTE)) attributes.add(`${element} ${name!.toLowerCase()}`);
  }
  return { elements, attributes };
}

/** Lost attributes of elements that are still there. The others were lost with their elements. */
function lostAttributes(before: Markup, after: Markup): string[] {
  const lost = [...before.attributes].filter((attribute) => !after.attributes.has(attribute));
  const names = lost.map((attribute) => attribute.split(' ') as [string, string]);
  return [
    ...new Set(names.filter(([element]) => after.elements.has(element)).map(([, name]) => name)),
  ].sort();
}

function reportDifference(before: Markup, after: Markup, remarks: Remarks): void {
  for (const element of before.elements) {
    if (element === 'iframe') remarks.changed('<iframe>, which became a link');
    else if (!after.elements.has(element)) remarks.notKept(`element <${element}>`);
  }
  const lost = lostAttributes(before, after);
  if (lost.length > 0) remarks.notKept('attributes of HTML elements', lost.join(', '));
}

/** Sanitises HTML, and reports what that removes. */
export function keptHtml(html: string, remarks: Remarks): string {
  const safe = sanitiseHtml(html);
  if (safe !== html) reportDifference(markupOf(html), markupOf(safe), remarks);
  return safe;
}

/** Markdown is kept unchanged. This reports the HTML in it that no page will show. */
export function reportUnshownHtml(markdown: string, remarks: Remarks): void {
  const tags = markdown.includes('<') ? (markdown.replace(CODE, '').match(OPENING_TAG) ?? []).join('') : '';
  if (tags !== '') reportDifference(markupOf(tags), markupOf(sanitiseHtml(tags)), remarks);
}

/** Reports images and other files next to the posts, because an import brings text only. */
export function reportLocalFiles(body: string, remarks: Remarks): void {
  const paths = new Set(Array.from(body.matchAll(LOCAL_FILE), ([, path]) => path!));
  if (paths.size > 0)
    remarks.notKept('files next to the posts (their addresses stay)', [...paths].join(', '));
}
