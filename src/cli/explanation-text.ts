import type {
  CacheChange,
  CacheExplanation,
  HeldEntry,
} from '../platform/responses/inspect/cache.schemas.js';

/** Replaces control characters, so that a path or tag cannot control the terminal. */
const printable = (text: string): string => text.replace(/[^\P{C}\n]/gu, '\u{fffd}');

const row = (name: string, text: string): string => `${name.padEnd(9)} ${text}`;
const detail = (name: string, text: string): string => row('', `${name.padEnd(9)} ${text}`);
const bytes = (count: number): string => `${count.toLocaleString('en')} bytes`;

/** Formats an explanation for people. */
export function explanationText(explanation: CacheExplanation): string {
  const { path, reason, route, handler, cache, key, ttl } = explanation;
  const policy = ttl.is_overridden
    ? `set by the environment, declared ${ttl.declared_seconds} s`
    : 'declared';
  const lines = [
    `GET ${path}`,
    reason,
    '',
    row('Route', `${route} (${handler})`),
    row('Cache', `${cache}, TTL ${ttl.seconds} s, ${policy}`),
    ...(key === null ? [] : [row('Key', key), ...tiersText(explanation)]),
  ];
  return `${printable(lines.join('\n'))}\n`;
}

const tiersText = ({ memory, redis, redis_state, changes }: CacheExplanation): string[] => [
  ...(memory === null ? [row('Memory', 'nothing')] : held('Memory', memory)),
  ...(redis === null ? [row('Redis', NO_REDIS[redis_state])] : held('Redis', redis)),
  ...changesText(changes),
];

const NO_REDIS = { none: 'not configured', answers: 'nothing', away: 'does not answer' } as const;

function held(tier: string, entry: HeldEntry): string[] {
  const { state, status, age_seconds, ttl_seconds, snapshot } = entry;
  const open = snapshot.xip.length === 0 ? '' : `, but for ${snapshot.xip.join(', ')}`;
  return [
    row(tier, `${state}: ${age_seconds} s of ${ttl_seconds} s, status ${status}, ${bytes(entry.bytes)}`),
    detail('tags', entry.tags.join('  ')),
    detail('snapshot', `sees transactions below ${snapshot.xmax}${open}; epoch ${entry.epoch}`),
    ...entry.representations.map(({ encoding, bytes: size, etag }) =>
      detail(encoding, `${bytes(size)}, ETag ${etag}`),
    ),
  ];
}

function changesText(changes: readonly CacheChange[]): string[] {
  if (changes.length === 0) return [row('Changes', 'none in the outbox')];
  return changes.map((change, index) => row(index === 0 ? 'Changes' : '', changeText(change)));
}

function changeText({ at, xid, event, tags, ...seen }: CacheChange): string {
  const tiers = [
    ['memory', seen.seen_by_memory],
    ['Redis', seen.seen_by_redis],
  ].flatMap(([tier, isSeen]) => (isSeen === null ? [] : `${isSeen ? '' : 'not '}seen by ${tier}`));
  return [`${at}  transaction ${xid}, ${event}: ${tags.join(' ')}`, ...tiers].join('; ');
}
