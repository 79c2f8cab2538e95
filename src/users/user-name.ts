const PATTERN = /^[a-z][a-z0-9_-]{2,29}$/;

/** Names that look official, or that may become part of the site's addresses. */
const RESERVED = new Set(
  `abuse about account accounts admin administrator admins anonymous api assets author authors auth blog blogs
  categories category contact deleted docs editor editors feed health help home hostmaster info inkwell livez login
  logout mail media metrics mod moderator new nobody none null official openapi owner page pages password post
  postmaster posts privacy profile public readyz register robots root rss search security self session sessions
  settings setup signin signup sitemap staff static stats status support sysadmin system tag tags team terms
  undefined uploads user users verify webmaster webhook webhooks welcome www`.split(/\s+/),
);

/** A lower-case letter, then 2 to 29 of a–z, 0–9, `_` and `-`. */
export const isUserName = (text: string): boolean => PATTERN.test(text);

/** True if nobody may register the name. Imported authors may have it, because the operator brought them. */
export const isReservedUserName = (name: string): boolean => RESERVED.has(name);
