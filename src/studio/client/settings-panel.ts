import type { StudioDocument } from './api.js';

/** As in styles/editor.css: below it the panel is under the text. */
const NARROW = '(max-width: 60rem)';

/** Folds the settings away where they would be between the person and the text, unless one of them is wrong. */
export function foldOnPhones(panel: HTMLDetailsElement): void {
  if (matchMedia(NARROW).matches && panel.querySelector('[aria-invalid]') === null) panel.open = false;
}

/** Shows what the state of the post allows, after a save has changed it. */
export function showAllowed({ status, has_working_copy, preview_url }: StudioDocument): void {
  const isChanged = status === 'published' && has_working_copy;
  const allowed = { changed: isChanged, discard: isChanged, share: preview_url === null, trash: true };
  for (const [name, isAllowed] of Object.entries(allowed)) {
    const element = document.querySelector<HTMLElement>(`[data-when="${name}"]`);
    if (element !== null) element.hidden = !isAllowed;
  }
}
