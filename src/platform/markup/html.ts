const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Markup that is already escaped. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** A value in a template. Text is escaped, markup is not, lists are joined, and `null` and `false` write nothing. */
export type HtmlValue = string | number | Html | null | false | readonly HtmlValue[];

function markupOf(value: HtmlValue): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escape(String(value));
}

/** Escapes every value, for text and for quoted attributes: html`<p title="${title}">${text}</p>`. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  new Html(String.raw({ raw: strings }, ...values.map(markupOf)));

/** @param sanitised markup from `sanitiseHtml`, or written by us */
export const trusted = (sanitised: string): Html => new Html(sanitised);
