const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Markup that needs no escaping any more. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What a template may hold: text is escaped, markup stays, lists are joined, and nothing is written for `null` and `false`. */
export type HtmlValue = string | number | Html | null | false | readonly HtmlValue[];

function markupOf(value: HtmlValue): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escape(String(value));
}

/** Escapes everything that is put into it, for text and for quoted attributes: html`<p title="${title}">${text}</p>`. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  new Html(String.raw({ raw: strings }, ...values.map(markupOf)));

/** @param sanitised markup that passed `sanitiseHtml` or was written by us */
export const trusted = (sanitised: string): Html => new Html(sanitised);
