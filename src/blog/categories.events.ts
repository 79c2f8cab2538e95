import { defineEvent } from '../platform/outbox/define-event.js';

export interface CategoryState {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
}

const tagsOf = ({ slug }: CategoryState): string[] => ['categories', `posts:category:${slug}`];

export const CategoryCreated = defineEvent('category.created', tagsOf);
export const CategoryRemoved = defineEvent('category.removed', tagsOf);
