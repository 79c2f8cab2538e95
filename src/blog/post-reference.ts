import { isSlug, MAX_ID } from './posts.schemas.js';

/** @returns the id or the slug that a path names, or null when no post can have it */
export function postReference(given: string): number | string | null {
  if (/^[1-9]\d{0,9}$/.test(given) && Number(given) <= MAX_ID) return Number(given);
  return isSlug(given) ? given : null;
}
