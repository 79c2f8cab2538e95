import { type Account, login } from '../support/accounts.js';
import type { Inkwell } from '../support/start-inkwell.js';
import type { Claim, Probe, Thing } from './open-loop.js';
import { ask, keepingAlive, type WireAnswer } from '../support/wire.js';

const POSTS = '/blog/api/posts';

const textOf = ({ body }: WireAnswer): string => body.toString();
const hasStatus =
  (expected: (k: number) => number) =>
  ({ status }: WireAnswer, k: number): boolean =>
    status === expected(k);

/** Sends writes as one user. */
function writer(on: Inkwell, token: string) {
  const authorization = `Bearer ${token}`;
  return (method: string, path: string, body?: unknown): Promise<WireAnswer> =>
    body === undefined
      ? ask(on, path, { authorization }, method, keepingAlive)
      : ask(on, path, { authorization, 'content-type': 'application/json' }, method, {
          ...keepingAlive,
          body: JSON.stringify(body),
        });
}

const idOf = (answer: WireAnswer): number => (JSON.parse(textOf(answer)) as { id: number }).id;

const at = (path: string, ...claims: Claim[]): Probe => ({ path: () => path, claims });

/** Posts whose titles show their revision, by themselves and in every kind of list. */
async function revisedPosts(on: Inkwell, author: Account): Promise<{ things: Thing[]; probes: Probe[] }> {
  const send = writer(on, author.token);
  const claims: Claim[] = [];
  const probes: Probe[] = [];
  for (const name of ['one', 'two', 'three', 'four']) {
    const titleAt = (k: number): string => `${name} at ${k}.`;
    const body = { title: titleAt(0), content: name, slug: name, category_name: 'Essays', tags: ['travel'] };
    const id = idOf(await send('POST', POSTS, body));
    const thing = { name, write: (k: number) => send('PATCH', `${POSTS}/${id}`, { title: titleAt(k) }) };
    const claim = { thing, isOf: (answer: WireAnswer, k: number) => textOf(answer).includes(titleAt(k)) };
    claims.push(claim);
    probes.push(at(`${POSTS}/${id}`, claim), at(`${POSTS}/${name}`, claim));
  }
  const lists = [
    '',
    '?limit=100',
    '?category=essays',
    '?tag=travel',
    `?author=${author.username}`,
    '?tag=travel&category=essays',
  ];
  probes.push(...lists.map((query) => at(`${POSTS}${query}`, ...claims)));
  return { things: claims.map(({ thing }) => thing), probes };
}

/** A post that comes and goes: it exists at odd revisions. */
function guest(on: Inkwell, author: Account): { things: Thing[]; probes: Probe[] } {
  const send = writer(on, author.token);
  const body = { title: 'Guest', content: 'Here.', slug: 'guest', category_name: 'Guests', tags: ['guest'] };
  const isThere = (k: number): boolean => k % 2 === 1;
  const thing: Thing = {
    name: 'guest',
    write: (k) => (isThere(k) ? send('POST', POSTS, body) : send('DELETE', `${POSTS}/guest`)),
  };
  const isListed = (answer: WireAnswer, k: number): boolean =>
    textOf(answer).includes('"guest') === isThere(k);
  const lists = [`${POSTS}?category=guests`, `${POSTS}?tag=guest`, '/blog/api/categories', '/blog/api/tags'];
  const post = at(`${POSTS}/guest`, { thing, isOf: hasStatus((k) => (isThere(k) ? 200 : 404)) });
  return {
    things: [thing],
    probes: [post, post, ...lists.map((path) => at(path, { thing, isOf: isListed }))],
  };
}

/** A post that is a draft at odd revisions. */
async function wavering(on: Inkwell, author: Account): Promise<{ things: Thing[]; probes: Probe[] }> {
  const send = writer(on, author.token);
  const id = idOf(await send('POST', POSTS, { title: 'Wavering', content: 'Or not.', tags: ['wavering'] }));
  const thing: Thing = {
    name: 'wavering',
    write: (k) => send('PATCH', `${POSTS}/${id}`, { status: k % 2 === 1 ? 'draft' : 'published' }),
  };
  const isOf = hasStatus((k) => (k % 2 === 1 ? 404 : 200));
  const isListed = (answer: WireAnswer, k: number): boolean =>
    textOf(answer).includes('"wavering"') === (k % 2 === 0);
  const own: Probe = {
    ...at(`${POSTS}/${id}`, { thing, isOf: ({ status }) => status === 200 }),
    headers: { authorization: `Bearer ${author.token}` },
  };
  return {
    things: [thing],
    probes: [
      at(`${POSTS}/wavering`, { thing, isOf }),
      at(`${POSTS}/${id}`, { thing, isOf }),
      own,
      at(`${POSTS}?tag=wavering`, { thing, isOf: isListed }),
    ],
  };
}

/** A post that moves to an address that others have already requested. */
async function moving(on: Inkwell, author: Account): Promise<{ things: Thing[]; probes: Probe[] }> {
  const send = writer(on, author.token);
  const slugAt = (k: number): string => `moved-${k}x`;
  const id = idOf(await send('POST', POSTS, { title: 'Moving', content: 'On.', slug: slugAt(0) }));
  const thing: Thing = { name: 'moving', write: (k) => send('PATCH', `${POSTS}/${id}`, { slug: slugAt(k) }) };
  const addressOf = (ahead: number): Probe => ({
    path: (revision) => `${POSTS}/${slugAt(revision(thing) + ahead)}`,
    claims: [],
  });
  const here: Probe = {
    ...addressOf(0),
    claims: [{ thing, isOf: ({ status }) => status === 200 || status === 308 }],
  };
  return { things: [thing], probes: [here, here, addressOf(1), addressOf(2)] };
}

/** A profile whose text shows its revision. */
function biography(on: Inkwell, { id, username, token }: Account): { things: Thing[]; probes: Probe[] } {
  const send = writer(on, token);
  const thing: Thing = {
    name: 'biography',
    write: (k) => send('PATCH', `/api/users/${id}`, { bio: `at ${k}.` }),
  };
  const isOf = (answer: WireAnswer, k: number): boolean => k === 0 || textOf(answer).includes(`"at ${k}."`);
  return {
    things: [thing],
    probes: [`/api/users/${id}`, `/api/users/${username}`].map((path) => at(path, { thing, isOf })),
  };
}

/** A session that ends. From then on, its token is refused. */
async function session(on: Inkwell, { username }: Account): Promise<{ things: Thing[]; probes: Probe[] }> {
  let current = (await login(on, username)).token;
  let previous = current;
  // At revision k, the session of revision k - 1 has ended.
  const thing: Thing = {
    name: 'session',
    write: async () => {
      const next = (await login(on, username)).token;
      const answer = await writer(on, current)('POST', '/api/logout');
      [previous, current] = [current, next];
      return answer;
    },
  };
  const probe: Probe = {
    path: () => `${POSTS}?limit=1`,
    get headers() {
      return { authorization: `Bearer ${previous}` };
    },
    claims: [{ thing, isOf: ({ status }, k) => k === 0 || status === 401 }],
  };
  return { things: [thing], probes: [probe, probe] };
}

/** Everything that the open loop writes and reads. */
export async function everyThing(
  on: Inkwell,
  author: Account,
): Promise<{ things: Thing[]; probes: Probe[] }> {
  const parts = [
    await revisedPosts(on, author),
    guest(on, author),
    await wavering(on, author),
    await moving(on, author),
    biography(on, author),
    await session(on, author),
  ];
  return { things: parts.flatMap(({ things }) => things), probes: parts.flatMap(({ probes }) => probes) };
}
