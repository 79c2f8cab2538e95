import { slugify } from './slugify.js';

/** A year is a tag like any other: unlike posts, tags have no ids to be taken for. */
export const tagSlug = (name: string): string => (/^\d+$/.test(name) ? name : slugify(name, 'tag'));
