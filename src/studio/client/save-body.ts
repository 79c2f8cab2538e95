import { type EditableText, UNTITLED } from './text.js';

/** The JSON that saves a text. Empty fields are left to the server. */
export function bodyOf(text: EditableText, base: string | null): string {
  const { title, content, slug, category_name, tags, excerpt } = text;
  return JSON.stringify({
    title: title.trim() === '' ? UNTITLED : title,
    content,
    ...(slug.trim() === '' ? {} : { slug: slug.trim() }),
    ...(category_name.trim() === '' ? {} : { category_name: category_name.trim() }),
    tags,
    excerpt: excerpt === null || excerpt.trim() === '' ? null : excerpt,
    ...(base === null ? {} : { base }),
  });
}
