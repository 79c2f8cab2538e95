import { isId } from '../platform/openapi/api-values.js';
import { isSlug } from './posts.schemas.js';

/** @returns the id or slug in a path, or null if no post can have it */
export function postReference(given: string): number | string | null {
  if (isId(given)) return Number(given);
  return isSlug(given) ? given : null;
}
