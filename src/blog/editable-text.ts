import { z } from 'zod';
import type { ProblemDetail } from '../platform/errors/problem.js';
import { entityTag } from '../platform/responses/answer.js';
import { validationFailed } from '../platform/server/validation-failed.js';
import type { EditablePost } from './editable-post.js';
import { InvalidText } from './posts.problems.js';
import { editedFields, isVisible } from './posts.schemas.js';

/** The part of a post that its author edits. */
export interface EditableText {
  readonly title: string;
  readonly content: string;
  readonly slug: string;
  readonly category_name: string;
  readonly tags: readonly string[];
  /** Null: the beginning of the post. */
  readonly excerpt: string | null;
}

/** The author's input. Missing members stay as they are. */
export type TypedText = { readonly [Name in keyof EditableText]?: EditableText[Name] | undefined };

/** The same with valid values. */
export type ValidText = Partial<EditableText>;

/** The shape of a text in JSON. Whether its values are valid is decided later, so that the answer is 422 and not 400. */
export const typedTextSchema = z.strictObject({
  title: z.string().optional(),
  content: z.string().optional(),
  slug: z.string().optional(),
  category_name: z.string().optional(),
  tags: z.array(z.string()).optional(),
  excerpt: z.string().nullable().optional(),
});

/** An empty slug stands for one made from the title, and an empty category for General. */
const emptyAsMissing = (text: TypedText): TypedText =>
  Object.fromEntries(
    Object.entries(text).filter(
      ([name, value]) =>
        value !== undefined && !(value === '' && (name === 'slug' || name === 'category_name')),
    ),
  );

/** @throws InvalidText 422 with a pointer to each invalid member */
export function validText(typed: TypedText): ValidText {
  const parsed = editedFields.safeParse(emptyAsMissing(typed));
  if (!parsed.success) throw new InvalidText(validationFailed(parsed.error.issues).errors ?? []);
  const { excerpt, ...text } = parsed.data;
  return {
    ...text,
    ...(excerpt === undefined ? {} : { excerpt: excerpt === '' ? null : excerpt }),
  } as ValidText;
}

/** @throws InvalidText 422 if readers would see nothing */
export function assertPublishable({ content }: { readonly content: string }): void {
  const errors: ProblemDetail[] = isVisible(content)
    ? []
    : [{ pointer: '/content', detail: 'must not be empty' }];
  if (errors.length > 0) throw new InvalidText(errors);
}

export const textOf = ({ post, category }: EditablePost): EditableText => ({
  title: post.title,
  content: post.content,
  slug: post.slug,
  category_name: category.name,
  tags: post.tags,
  excerpt: post.customExcerpt,
});

/**
 * Names the state of a post that an edit begins with. It does not depend on the name of the category or the author, which
 * others may change, nor on the slug of a hidden draft, which may have to make way.
 */
export function tagOfPost({ post }: EditablePost): string {
  const { title, content, tags, customExcerpt, wasPublished, slug, categoryId } = post;
  const shown = [title, content, tags, customExcerpt, wasPublished ? slug : null, categoryId];
  return entityTag(JSON.stringify(shown), post.version);
}

/** Do two tags name the same text? A version may differ in its status only. */
export const isSameText = (one: string, other: string): boolean => hashOf(one) === hashOf(other);

const hashOf = (tag: string): string => tag.slice(tag.indexOf('-'));
