import { defineEvent } from '../platform/outbox/define-event.js';

/** Settings of the blog were changed. Every page shows them. */
export const SiteChanged = defineEvent(
  'site.changed',
  (_: { readonly version: number; readonly changed: readonly string[] }) => ['site'],
);
