import { html, type Html, type HtmlValue } from '../platform/markup/html.js';

/** The building blocks of the Studio's pages. Each is one function, and its look is in styles/studio.css. */

interface Labelled {
  readonly name: string;
  readonly label: string;
  /** A sentence below the field. */
  readonly hint?: string | undefined;
  /** An error message, shown below the field. */
  readonly error?: string | undefined;
}

interface TextField extends Labelled {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'password' | 'email' | 'search' | 'number' | 'url' | 'color' | 'file';
  readonly required?: boolean;
  readonly autocomplete?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  /** The id of a `<datalist>` with suggestions. */
  readonly list?: string;
  readonly placeholder?: string;
  readonly inputMode?: string;
  readonly accept?: string;
  readonly disabled?: boolean;
  /** To be copied rather than changed. */
  readonly readOnly?: boolean;
}

const flag = (name: string, isSet: boolean | undefined): Html | false => isSet === true && html`${name}`;
const attribute = (name: string, value: string | number | undefined): Html | false =>
  value !== undefined && html`${name}="${value}"`;

/** Links a field to its hint and its error, for screen readers. */
const described = ({ name, hint, error }: Labelled): Html | false => {
  const ids = [error !== undefined && `${name}-error`, hint !== undefined && `${name}-hint`].filter(Boolean);
  return ids.length > 0 && html`aria-describedby="${ids.join(' ')}"`;
};

const field = (labelled: Labelled, control: Html): Html =>
  html`<div class="field">
    <label for="${labelled.name}">${labelled.label}</label>
    ${control} ${labelled.error !== undefined && html`<p class="error" id="${labelled.name}-error">${labelled.error}</p>`}
    ${labelled.hint !== undefined && html`<p class="hint" id="${labelled.name}-hint">${labelled.hint}</p>`}
  </div> `;

/** One line of text, with its label, hint and error. */
export const textField = (options: TextField): Html => {
  const { name, value, type = 'text', required, autocomplete, maxLength, minLength, list } = options;
  return field(
    options,
    html`<input
      id="${name}"
      name="${name}"
      type="${type}"
      ${attribute('value', value)}
      ${attribute('autocomplete', autocomplete)}
      ${attribute('maxlength', maxLength)}
      ${attribute('minlength', minLength)}
      ${attribute('list', list)}
      ${attribute('placeholder', options.placeholder)}
      ${attribute('inputmode', options.inputMode)}
      ${attribute('accept', options.accept)}
      ${flag('required', required)}
      ${flag('disabled', options.disabled)}
      ${flag('readonly', options.readOnly)}
      ${options.error !== undefined && html`aria-invalid="true"`}
      ${described(options)}
    />`,
  );
};

interface TextAreaField extends Labelled {
  readonly value?: string | undefined;
  readonly rows?: number;
  readonly maxLength?: number;
  readonly required?: boolean;
  readonly disabled?: boolean;
}

/** Several lines of text. The first line end after the tag is dropped by browsers, so one is always written. */
export const textArea = (options: TextAreaField): Html =>
  field(
    options,
    html`<textarea
      id="${options.name}"
      name="${options.name}"
      rows="${options.rows ?? 6}"
      ${attribute('maxlength', options.maxLength)}
      ${flag('required', options.required)}
      ${flag('disabled', options.disabled)}
      ${options.error !== undefined && html`aria-invalid="true"`}
      ${described(options)}
    >
${options.value ?? ''}</textarea
    >`,
  );

interface SelectField extends Labelled {
  readonly value: string;
  /** Label by value. */
  readonly options: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
}

export const selectField = (options: SelectField): Html =>
  field(
    options,
    html`<select id="${options.name}" name="${options.name}" ${flag('disabled', options.disabled)} ${described(options)}>
      ${Object.entries(options.options).map(
        ([value, label]) =>
          html`<option value="${value}" ${flag('selected', value === options.value)}>${label}</option>`,
      )}
    </select>`,
  );

interface CheckField {
  readonly name: string;
  readonly label: string;
  readonly checked?: boolean;
  readonly value?: string;
  readonly disabled?: boolean;
}

export const checkField = ({ name, label, checked, value = 'true', disabled }: CheckField): Html =>
  html`<div class="field">
    <label class="check"
      ><input type="checkbox" name="${name}" value="${value}" ${flag('checked', checked)} ${flag('disabled', disabled)} />
      ${label}</label
    >
  </div> `;

export const hiddenField = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}" />`;

type Look = 'primary' | 'danger' | 'quiet';

/** Sends the form. With `name` and `value` it tells which of several buttons it was. */
export const button = (
  label: string,
  {
    look,
    name,
    value,
    wide,
    formAction,
  }: { look?: Look; name?: string; value?: string; wide?: boolean; formAction?: string } = {},
): Html =>
  html`<button
    class="button ${look ?? ''} ${wide === true && 'wide'}"
    ${attribute('name', name)}
    ${attribute('value', value)}
    ${attribute('formaction', formAction)}
  >
    ${label}
  </button> `;

/** A form with nothing but a button: an action on one thing. */
export const actionButton = (action: string, label: string, look?: Look, fields: HtmlValue = null): Html =>
  html`<form method="post" action="${action}">${fields}${button(label, look === undefined ? {} : { look })}</form> `;

export const buttonLink = (href: string, label: string, look?: Look): Html =>
  html`<a class="button ${look ?? ''}" href="${href}">${label}</a> `;

/** @param tone of what happened; `good` if it is not given. It is read out at once. */
export const notice = (content: HtmlValue, tone: 'good' | 'bad' | 'caution' = 'good'): Html =>
  html`<div class="notice ${tone}" role="${tone === 'good' ? 'status' : 'alert'}"><p>${content}</p></div> `;

/** The title of a page with its main actions beside it. */
export const pageHead = (title: string, actions: HtmlValue = null): Html =>
  html`<div class="page-head">
    <h1>${title}</h1>
    <div class="actions">${actions}</div>
  </div> `;

export const badge = (label: string, tone: 'good' | 'bad' | 'caution' | '' = ''): Html =>
  html`<span class="badge ${tone}">${label}</span>`;

export const emptyState = (text: HtmlValue): Html => html`<div class="empty"><p>${text}</p></div> `;

/** @param caption for screen readers @param head label by column @param rows cells by row */
export const table = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
): Html =>
  html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption class="visually-hidden">${caption}</caption>
      <thead>
        <tr>
          ${head.map((label) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
