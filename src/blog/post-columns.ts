import { DELETED_AUTHOR } from './post.entity.js';

/** Names come from the same statement, or from another process by id. */
export type AuthorSource = 'joined' | 'remote';

const isoTime = (value: string): string =>
  `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Once published, a post keeps the date of its first publication (docs/decisions/publication-time.md). */
export const TIMES = [
  `${isoTime('p.created_at')} AS created_at`,
  `${isoTime('CASE WHEN p.was_published THEN p.created_at END')} AS published_at`,
  `${isoTime('p.updated_at')} AS updated_at`,
].join(', ');

export const AUTHORS: Readonly<Record<AuthorSource, string>> = {
  joined: `coalesce(a.username, '${DELETED_AUTHOR}') AS author,
    coalesce(nullif(a.display_name, ''), a.username, '${DELETED_AUTHOR}') AS author_display_name`,
  remote: 'p.author_id AS author, NULL AS author_display_name',
};
/** One look-up per post, by id. LIMIT keeps PostgreSQL from joining the whole table instead. */
export const FROM_AUTHOR: Readonly<Record<AuthorSource, string>> = {
  joined: `FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
          SELECT u.username, u.display_name FROM users u WHERE u.id = p.author_id LIMIT 1
        ) AS a ON true`,
  remote: '',
};
export const EXCERPT = 'coalesce(p.custom_excerpt, p.excerpt) AS excerpt';
export const CATEGORY = `(SELECT row_to_json(k) FROM (SELECT c.id, c.name, c.slug) AS k) AS category`;
