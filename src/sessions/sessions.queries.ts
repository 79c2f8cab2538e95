import { BROWSER_IDLE_DAYS, IDLE_MINUTES, MAX_DAYS } from './session-lifetime.js';

/** When a session ends. */
const EXPIRES_AT = `least(
  s.refreshed_at + CASE WHEN s.cookie_hash IS NULL
    THEN interval '${IDLE_MINUTES} minutes' ELSE interval '${BROWSER_IDLE_DAYS} days' END,
  s.created_at + interval '${MAX_DAYS} days')`;
const IS_WITHIN_ITS_TIME = `${EXPIRES_AT} > now()`;

/**
 * $1 is the session. The result does not depend on the session's age, because an access token never outlives its
 * session. So it can be cached until an event names the session.
 */
export const FIND_VALID_SESSION = `
  SELECT pg_current_snapshot()::text AS snapshot, row_to_json(found) AS session
  FROM (SELECT 1) AS one LEFT JOIN (
    SELECT s.id, u.id AS user_id, u.username, u.role
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = $1 AND s.revoked_at IS NULL
  ) AS found ON true`;

/** $1 is the user. */
export const LIST_SESSIONS = `
  SELECT s.id, s.user_agent, s.created_at, s.refreshed_at, ${EXPIRES_AT} AS expires_at
  FROM sessions s
  WHERE s.user_id = $1 AND s.revoked_at IS NULL AND ${IS_WITHIN_ITS_TIME}
  ORDER BY s.created_at DESC, s.id`;

/**
 * $1 is the user, $2 the password hash that the login was checked against, $3 the user agent, $4 the hash of the
 * refresh token. The lock waits for a password change in progress. Whichever comes first, no session of the old
 * password survives it.
 */
export const OPEN_SESSION = `
  WITH owner AS (SELECT id FROM users WHERE id = $1 AND password_hash = $2 FOR SHARE),
  session AS (INSERT INTO sessions (user_id, user_agent) SELECT id, $3 FROM owner RETURNING id, created_at),
  token AS (INSERT INTO refresh_tokens (token_hash, session_id) SELECT $4, id FROM session)
  SELECT id, created_at FROM session`;

/** Like OPEN_SESSION, for a browser. $4 is the hash of the cookie. */
export const OPEN_BROWSER_SESSION = `
  INSERT INTO sessions (user_id, user_agent, cookie_hash)
  SELECT id, $3, $4 FROM users WHERE id = $1 AND password_hash = $2 FOR SHARE
  RETURNING id`;

/** $1 is the hash of a cookie. */
export const FIND_BROWSER_SESSION = `
  SELECT s.id, u.id AS user_id, u.username, u.role, ${EXPIRES_AT} AS expires_at,
    s.refreshed_at < now() - interval '1 hour' AS is_due
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.cookie_hash = $1 AND s.revoked_at IS NULL AND ${IS_WITHIN_ITS_TIME}`;

/** $1 is the session. */
export const KEEP_BROWSER_SESSION = `UPDATE sessions SET refreshed_at = now() WHERE id = $1`;

/** $1 is the session, $2 the hash of its next cookie. */
export const REPLACE_COOKIE = `UPDATE sessions SET cookie_hash = $2 WHERE id = $1 AND revoked_at IS NULL`;

/**
 * $1 is the hash of a refresh token. The lock makes refreshes and the revocation of a session run one after the other.
 */
export const LOCK_SESSION_OF_TOKEN = `
  SELECT s.id, s.user_id, s.created_at, s.revoked_at IS NULL AND ${IS_WITHIN_ITS_TIME} AS is_valid
  FROM sessions s
  WHERE s.id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $1)
  FOR UPDATE`;

/**
 * $1 is the hash of a refresh token, $2 seconds. Must run after the lock as a separate statement, to see what the lock
 * waited for.
 */
export const READ_TOKEN = `
  SELECT used_at IS NOT NULL AS is_used,
    coalesce(clock_timestamp() - used_at <= make_interval(secs => $2), false) AS is_repeat
  FROM refresh_tokens WHERE token_hash = $1`;

/** $1 is the hash of the presented token, $2 the hash of its successor, $3 the session. */
export const ROTATE_TOKEN = `
  WITH used AS (UPDATE refresh_tokens SET used_at = clock_timestamp() WHERE token_hash = $1),
  refreshed AS (UPDATE sessions SET refreshed_at = clock_timestamp() WHERE id = $3)
  INSERT INTO refresh_tokens (token_hash, session_id) VALUES ($2, $3)`;

/** $1 is a list of token hashes. */
export const FIND_TOKENS = `SELECT token_hash FROM refresh_tokens WHERE token_hash = ANY($1)`;

/** $1 is the user, $2 the session. */
export const REVOKE_SESSION = `
  UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id`;

/** $1 is the user, $2 the session to keep, or null. */
export const REVOKE_SESSIONS = `
  UPDATE sessions SET revoked_at = now()
  WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2 RETURNING id`;

/** $1 is the user. Waits for revocations in progress. */
export const LOCK_SESSIONS = `SELECT FROM sessions WHERE user_id = $1 ORDER BY id FOR UPDATE`;

/** $1 is the user. The interval is longer than any answer to a revocation can wait. */
export const LIST_JUST_REVOKED = `
  SELECT id FROM sessions WHERE user_id = $1 AND revoked_at > now() - interval '1 minute'`;

/** $1 is the user. */
export const LIST_VALID_SESSION_IDS = `SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL`;

/** Deletes the refresh tokens of the sessions as well. */
export const DELETE_ENDED_SESSIONS = `
  DELETE FROM sessions s WHERE NOT (${IS_WITHIN_ITS_TIME})`;
