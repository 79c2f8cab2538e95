import { slugify } from './slugify.js';

/** A tag may consist of digits, such as a year, because tags have no ids that it could be confused with. */
export const tagSlug = (name: string): string => (/^\d+$/.test(name) ? name : slugify(name, 'tag'));
