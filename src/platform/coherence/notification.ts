/** A committed outbox row: what happened, and in which transaction. */
export interface Change {
  /** The id of the outbox row. It identifies changes that arrive twice. */
  readonly id: string;
  readonly xid: number;
  readonly event: string;
  readonly payload: unknown;
  readonly tags: readonly string[];
}

/** PostgreSQL accepts less than 8,000 bytes. */
const MAX_BYTES = 7_900;
/** Enough for any burst. If transactions are left out, their writers wait for the lease instead. */
const MAX_XIDS = 400;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A writer's announcement. It leaves out changes that are too large for one message. */
export interface Notification {
  readonly writer: string;
  readonly changes: readonly Change[] | undefined;
}

export function notificationOf(writer: string, changes: readonly Change[]): string {
  const text = JSON.stringify({ writer, changes });
  return Buffer.byteLength(text) <= MAX_BYTES ? text : JSON.stringify({ writer });
}

/** @returns undefined for a payload that no replica can have sent */
export function parseNotification(payload: string): Notification | undefined {
  const parsed = parseObject(payload);
  if (typeof parsed?.['writer'] !== 'string' || !UUID.test(parsed['writer'])) return undefined;
  const changes = Array.isArray(parsed['changes']) ? (parsed['changes'] as Change[]) : undefined;
  return { writer: parsed['writer'], changes };
}

/** Every writer listens on a channel of its own, so that acknowledgements wake nobody else. */
export const acknowledgementChannel = (writer: string): string => `acknowledged_${writer}`;

/** @param writer a UUID @returns SQL */
export const acknowledgementOf = (replica: string, writer: string, xids: readonly number[]): string =>
  `SELECT pg_notify('${acknowledgementChannel(writer)}', '${JSON.stringify({ replica, xids: xids.slice(-MAX_XIDS) })}')`;

export function parseAcknowledgement(payload: string): { replica: string; xids: number[] } | undefined {
  const parsed = parseObject(payload);
  const { replica, xids } = parsed ?? {};
  return typeof replica === 'string' && Array.isArray(xids) ? { replica, xids: xids as number[] } : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
