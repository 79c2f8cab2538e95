import type { EditableText, EditedDocument } from '../../blog/editing.service.js';
import { html, type Html, trusted } from '../../platform/markup/html.js';
import {
  badge,
  button,
  buttonLink,
  hiddenField,
  notice,
  pageHead,
  textArea,
  textField,
} from '../components.js';
import { scriptOf } from '../assets/studio-assets.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { editorTexts } from '../texts/editor.js';
import { textsOf, type Visit } from '../visit.js';
import type { TypedPost } from './typed-post.js';

export interface EditorPage {
  /** Undefined for a post that is not saved yet. */
  readonly document?: EditedDocument | undefined;
  readonly typed: TypedPost;
  /** Names to complete a category with. */
  readonly categories: readonly { readonly name: string }[];
  readonly errors?: FormErrors;
  /** The version of somebody else, to be read beside what was typed. */
  readonly theirs?: EditableText | undefined;
  /** The typed text, rendered and sanitised. */
  readonly preview?: string | undefined;
}

type Texts = ReturnType<typeof textsOf<(typeof editorTexts)['en']>>;

const action = (value: string, label: string, look?: 'primary' | 'danger' | 'quiet'): Html =>
  button(label, { name: 'action', value, ...(look === undefined ? {} : { look }) });

/** Hidden while the post's state does not allow it. The script shows it once a save has changed that. */
const when = (name: string, isAllowed: boolean, content: Html): Html =>
  html`<span data-when="${name}" ${!isAllowed && html`hidden`}>${content}</span> `;

function stateOf(document: EditedDocument | undefined, texts: Texts): Html {
  if (document?.status !== 'published') return badge(texts.draft);
  const changed = when('changed', document.has_working_copy, badge(texts.changed, 'caution'));
  return html`${badge(texts.published, 'good')} ${changed}`;
}

/** Save is the first button of the form, so it is what Enter in a field does. */
const mainActions = (document: EditedDocument | undefined, texts: Texts): Html =>
  html`<div class="actions">
    ${action('save', texts.save)} ${action('preview', texts.preview)}
    ${action('publish', document?.status === 'published' ? texts.update : texts.publish, 'primary')}
  </div> `;

const otherActions = (document: EditedDocument | undefined, texts: Texts): Html => {
  const isPublic = document?.status === 'published';
  const isChanged = isPublic && document.has_working_copy;
  return html`<div class="actions">
    ${when('share', document?.preview_url === null, action('share', texts.share))}
    ${isPublic && action('unpublish', texts.unpublish)}
    ${when('discard', isChanged, action('discard', texts.discard))}
    ${when('trash', document !== undefined, action('trash', texts.moveToTrash, 'danger'))}
  </div> `;
};

type ErrorOf = (name: string) => { readonly error: string | undefined };

const textFields = (typed: TypedPost, error: ErrorOf, texts: Texts): Html =>
  html`${textField({ name: 'title', label: texts.title, placeholder: texts.title, value: typed.title, maxLength: 200, ...error('title') })}
  ${textArea({ name: 'content', label: texts.content, hint: texts.contentHint, value: typed.content, rows: 24, ...error('content') })}`;

function settingFields(
  { typed, categories }: Pick<EditorPage, 'typed' | 'categories'>,
  error: ErrorOf,
  texts: Texts,
): Html {
  return html`${textField({ name: 'slug', label: texts.slug, hint: texts.slugHint, value: typed.slug, maxLength: 100, ...error('slug') })}
    ${textField({
      ...{
        name: 'category_name',
        label: texts.category,
        hint: texts.categoryHint,
        value: typed.category_name,
      },
      ...{ maxLength: 50, list: 'categories', ...error('category_name') },
    })}
    <datalist id="categories">${categories.map(({ name }) => html`<option value="${name}"></option>`)}</datalist>
    ${textField({ name: 'tags', label: texts.tags, hint: texts.tagsHint, value: typed.tags, maxLength: 600, ...error('tags') })}
    ${textArea({ name: 'excerpt', label: texts.excerpt, hint: texts.excerptHint, value: typed.excerpt, rows: 2, maxLength: 200, ...error('excerpt') })}`;
}

const link = ({ preview_url: url }: EditedDocument, texts: Texts): Html | false =>
  url !== null &&
  html`<section class="preview-link">
    <p>${texts.previewLink} <a href="${url}" target="_blank" rel="noreferrer">${url}</a></p>
    ${button(texts.revoke, { name: 'action', value: 'revoke', look: 'quiet' })}
  </section> `;

/** Read only, so that nothing of it is sent. */
const otherVersion = (theirs: EditableText, texts: Texts): Html =>
  html`<section class="theirs" aria-labelledby="theirs">
    <h2 id="theirs">${texts.theirs}</h2>
    <dl>
      ${(
        [
          [texts.title, theirs.title],
          [texts.slug, theirs.slug],
          [texts.category, theirs.category_name],
          [texts.tags, theirs.tags.join(', ')],
          [texts.excerpt, theirs.excerpt ?? ''],
        ] as const
      ).map(([label, value]) => html`<dt>${label}</dt><dd dir="auto">${value}</dd>`)}
    </dl>
    <label for="theirs-content">${texts.content}</label>
    <textarea id="theirs-content" rows="16" readonly>
${theirs.content}</textarea
    >
  </section> `;

/** The form that the editor's script enhances: its ids and data attributes are what the script looks for. */
export function editorPage(visit: Visit, page: EditorPage): string {
  const texts = textsOf(visit, editorTexts);
  const { document, typed, errors = NO_ERRORS, theirs, preview } = page;
  const path = document === undefined ? '/studio/posts/new' : `/studio/posts/${document.id}`;
  const title = document === undefined ? texts.newPost : texts.edit;
  const error: ErrorOf = (name) => ({ error: errors.fields[name] });
  return studioPage(
    visit,
    {
      title: typed.title === '' ? title : `${typed.title} · ${title}`,
      current: 'posts',
      // A conflict of the plain form is settled in the plain form.
      ...(theirs === undefined && preview === undefined ? { script: scriptOf('editor') } : {}),
    },
    html`${pageHead(title, [
      stateOf(document, texts),
      document?.status === 'published' && buttonLink(document.url, texts.view, 'quiet'),
    ])}
      ${theirs !== undefined && notice(html`<strong>${texts.conflictTitle}.</strong> ${texts.conflict}`, 'caution')}
      ${theirs === undefined && errors.summary !== '' && notice(errors.summary, 'bad')}
      <form
        method="post"
        action="${path}"
        id="editor"
        data-post-id="${document?.id ?? ''}"
        data-etag="${typed.etag}"
        data-base="${typed.base}"
        data-status="${document?.status ?? 'draft'}"
        data-user-id="${visit.principal?.userId ?? ''}"
        data-username="${visit.principal?.username ?? ''}"
      >
        <div class="editor-bar">
          <div id="editor-status" role="status"></div>
          ${mainActions(document, texts)}
        </div>
        ${hiddenField('etag', typed.etag)} ${hiddenField('base', typed.base)} ${hiddenField('key', typed.key)}
        <div class="editor-columns">
          <div>${textFields(typed, error, texts)}</div>
          <details class="editor-settings" open>
            <summary>${texts.settings}</summary>
            ${settingFields(page, error, texts)} ${document !== undefined && link(document, texts)}
            ${otherActions(document, texts)}
          </details>
        </div>
      </form>
      ${theirs !== undefined && otherVersion(theirs, texts)}
      ${
        preview !== undefined &&
        html`<section aria-labelledby="preview-title">
          <h2 id="preview-title">${texts.previewTitle}</h2>
          <article>
            <h1 dir="auto">${typed.title}</h1>
            <div class="content" dir="auto">${trusted(preview)}</div>
          </article>
        </section>`
      }`,
  );
}
