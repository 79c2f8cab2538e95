import type { EditableText, TypedText } from '../../blog/editing.service.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { valueOf } from '../form.js';

/** The fields of the editor's form: the typed text, and the versions that it started from. */
export interface TypedPost {
  readonly title: string;
  readonly content: string;
  readonly slug: string;
  readonly category_name: string;
  /** Separated by commas. */
  readonly tags: string;
  readonly excerpt: string;
  readonly etag: string;
  readonly base: string;
  /** Makes a form that is sent twice take effect once. */
  readonly key: string;
}

export const EMPTY: TypedPost = {
  ...{ title: '', content: '', slug: '', category_name: '', tags: '', excerpt: '' },
  ...{ etag: '', base: '', key: '' },
};

/** Browsers send lines of a text area with CRLF (HTML, form-data set), whatever was typed. */
const asTyped = (text: string): string => text.replaceAll('\r\n', '\n');

export const typedIn = (form: FormBody): TypedPost => ({
  title: valueOf(form, 'title'),
  content: asTyped(valueOf(form, 'content')),
  slug: valueOf(form, 'slug').trim(),
  category_name: valueOf(form, 'category_name'),
  tags: valueOf(form, 'tags'),
  excerpt: asTyped(valueOf(form, 'excerpt')),
  etag: valueOf(form, 'etag'),
  base: valueOf(form, 'base'),
  key: valueOf(form, 'key'),
});

export const textIn = ({ title, content, slug, category_name, tags, excerpt }: TypedPost): TypedText => ({
  ...{ title, content, slug, category_name, excerpt },
  tags: tags
    .split(/[,，、]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== ''),
});

export const typedFrom = (
  text: EditableText,
  versions: Pick<TypedPost, 'etag' | 'base' | 'key'>,
): TypedPost => ({
  ...{ title: text.title, content: text.content, slug: text.slug, category_name: text.category_name },
  ...{ tags: text.tags.join(', '), excerpt: text.excerpt ?? '' },
  ...versions,
});
