// Floods the cache of a separate process, and prints what it then holds as JSON. `npm test` builds dist first. The
// cache is the application's; Redis and the replies of the router are simulated.
import { EventEmitter } from 'node:events';
import { setImmediate as breathe } from 'node:timers/promises';
import { postListSchema, postReferenceSchema } from '../../dist/blog/posts.schemas.js';
import { PostNotFound } from '../../dist/blog/posts.problems.js';
import { Answer } from '../../dist/platform/responses/answer.js';
import { encodeAnswer } from '../../dist/platform/responses/redis-answers.js';
import { EntrySeal } from '../../dist/platform/cache/entry-seal.js';
import { CacheTally } from '../../dist/platform/cache/cache-tally.js';
import { CachedRoute } from '../../dist/platform/responses/cached-route.js';
import { FrontDoor } from '../../dist/platform/responses/front-door/front-door.js';
import { MemoryStore } from '../../dist/platform/cache/memory-store.js';
import { ObjectCache } from '../../dist/platform/cache/object-cache.js';
import { ResponseCache } from '../../dist/platform/responses/response-cache.js';
import { SingleFlight } from '../../dist/platform/cache/single-flight.js';
import { FillClaims } from '../../dist/platform/cache/fill-claims.js';
import { NoRemoteStore } from '../../dist/platform/cache/redis-store.js';
import { Coherence } from '../../dist/platform/coherence/coherence.js';
import { Lifecycle } from '../../dist/platform/lifecycle/lifecycle.js';
import { memoryNow } from './memory-now.js';

const MIB = 1024 * 1024;
const EPOCH = '7f3c0f6e-5d0a-4c1e-9f0b-1b2c3d4e5f60';
const ETAG = '"1-0123456789abcdef"';
/** As many headers as Inkwell sends, with the same length. */
const HEADERS = {
  ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`x-header-number-${i}`, 'v'.repeat(18)])),
  'content-security-policy': `default-src ${'x'.repeat(260)}`,
};
const POST = new CachedRoute(
  'PostsController.get',
  { cache: 'post', ttlSeconds: 300, params: postReferenceSchema },
  300_000,
);
const EVERYBODY = { isSurplus: () => false, enter: (_request, _response, work) => work() };
const isTransient = ({ cursor, offset }) => cursor !== undefined || offset !== undefined;
const LIST = new CachedRoute(
  'PostsController.list',
  { cache: 'posts', ttlSeconds: 300, query: postListSchema, isTransient },
  300_000,
);

/** Strings of requests are substrings of longer strings, which must not be kept alive. */
const pieceOf = (text) => `${text} ${'y'.repeat(500)}`.slice(0, text.length);
const snapshotOf = (i) => `${1000 + i}:${1003 + i}:${1000 + i},${1001 + i}`;
const bodyOf = (i, length) => String(i).padEnd(length, 'The text of a post. ');

const requestOf = (path, query = {}) => ({
  url: pieceOf(`${path}?${new URLSearchParams(query).toString()}`),
  params: { id: pieceOf(path.slice(path.lastIndexOf('/') + 1)) },
  query,
});

const post = (i, length) => ({
  route: POST,
  request: requestOf(`/blog/api/posts/the-slug-of-post-${i}`),
  run: async () =>
    new Answer({
      body: bodyOf(i, length),
      version: 1,
      tags: [`post:${i}`, `author:${i % 50}`],
      snapshot: snapshotOf(i),
    }),
});

const page = (i, query, parts) => {
  const request = requestOf('/blog/api/posts', query);
  const run = async () => new Answer({ snapshot: snapshotOf(i), ...parts(request.query) });
  return { route: LIST, request, run };
};

/** Requests that anyone can make up in endless variety. */
const MADE_UP = {
  absence: (i) => ({
    route: POST,
    request: requestOf(`/blog/api/posts/made-up-${i}`),
    run: async () => {
      throw new PostNotFound(`made-up-${i}`, {
        tags: [`post-slug:made-up-${i}`],
        snapshot: snapshotOf(i),
      });
    },
  }),
  'empty list': (i) =>
    page(i, { [i % 2 === 0 ? 'category' : 'author']: pieceOf(`made-up-${i}`) }, () => ({
      body: '[]',
      tags: [`posts:category:made-up-${i}`],
      isEmpty: true,
    })),
  'deep page': (i) =>
    page(i, { cursor: pieceOf(`cursor-of-a-deep-page-${i}`) }, () => ({
      body: bodyOf(i, 6_000),
      tags: ['posts', ...Array.from({ length: 20 }, (_, k) => `author:${(i + k) % 5_000}`)],
      headers: { link: `</blog/api/posts?limit=20&cursor=cursor-of-a-deep-page-${i + 1}>; rel="next"` },
    })),
};

const CONFIG = { authSecret: ['a-secret-of-the-test-0123456789-0123456789'], staleIfErrorSeconds: 300 };
const SEAL = new EntrySeal(CONFIG.authSecret, 'answers');

/** A Redis that has every post, each in the middle of a received packet. */
class FullRemoteStore extends NoRemoteStore {
  get(key) {
    const { body, ...rest } = { body: Buffer.from(bodyOf(key.length, 1_500)), status: 200 };
    const content = {
      ...rest,
      contentType: 'text/plain',
      headers: {},
      tags: [key],
      epoch: EPOCH,
      etag: ETAG,
    };
    const times = { storedAtMs: Date.now(), ttlMs: 300_000 };
    const entry = encodeAnswer({ ...content, snapshot: { xmax: 5, xip: [] }, body }, times);
    return Promise.resolve(Buffer.concat([Buffer.alloc(30_000), SEAL.seal(key, entry)]).subarray(30_000));
  }
}

/** The cache and the front door of a process. The front door learns from simulated replies of the router. */
class Flooded {
  constructor(maxBytes, remote = new NoRemoteStore()) {
    // The clock stands still, so that the lease does not run out.
    const coherence = new Coherence(1_000, { monotonicMs: () => 0, wallMs: () => 0 });
    coherence.begin(EPOCH);
    coherence.follow(0);
    coherence.renewed(coherence.sendingRenewal(), { xmax: 0, xip: [] }, 1);
    const claims = new FillClaims(new NoRemoteStore(), coherence);
    this.memory = new MemoryStore(maxBytes);
    const [flights, tally] = [new SingleFlight(), new CacheTally()];
    const tiers = { memory: this.memory, remote, coherence, claims, flights, tally };
    this.answers = new ResponseCache(tiers, CONFIG);
    this.objects = new ObjectCache(tiers, CONFIG);
    const door = new FrontDoor(this.answers, tiers.tally, new Lifecycle(), EVERYBODY);
    this.server = new EventEmitter();
    this.server.keepAliveTimeout = 72_000;
    const fastify = { addHook: (_name, hook) => (this.onSend = hook), server: this.server };
    door.stepBefore(fastify, { isOpen: true, observe: () => undefined });
  }

  async ask({ route, request, run }, isCompressed = false) {
    const cacheKey = route.keyOf(request);
    try {
      let { answer } = await this.answers.read(route, cacheKey, run);
      if (isCompressed) {
        answer = await answer.compressed();
        this.memory.set(cacheKey.key, answer);
      }
      this.reply(request.url, { cacheKey, answer, route });
    } catch (error) {
      if (error.code !== 'post.not_found') throw error;
    }
  }

  /**
   * Answers like the router, from which the front door learns. Then the front door answers, which prepares the heads.
   */
  reply(url, prepared) {
    const reply = { prepared, statusCode: 200, request: { headers: {} }, getHeaders: () => HEADERS };
    this.onSend({ raw: { url }, routeOptions: { url: '/:id' } }, reply, undefined, () => undefined);
    const request = { method: 'GET', url, httpVersion: '1.1', rawHeaders: [], headers: {} };
    this.server.emit('request', request, { shouldKeepAlive: true, end: () => undefined });
  }

  /** From now on, each URL that the front door learns replaces another one. */
  async fillFrontDoor() {
    const { route, request, run } = post(0, 10);
    const { answer } = await this.answers.read(route, route.keyOf(request), run);
    for (let i = 0; i < 20_000; i += 1)
      this.reply(`/blog/api/posts?limit=100&cursor=of-a-page-${i}`, {
        cacheKey: route.keyOf(request),
        answer,
        route,
      });
  }

  has({ route, request }) {
    return this.answers.peek(route.keyOf(request).key) !== undefined;
  }
}

/** Runs `work` for 0, 1, … and lets the event loop do other work in between. */
async function times(count, work) {
  for (let i = 0; i < count; i += 1) {
    await work(i);
    if (i % 1_000 === 0) await breathe();
  }
}

/** The counted and the actual size of an entry of each kind. */
async function measureKinds() {
  const look = (value) => async (cache, i) => {
    const idOf = () => `6a7b8c9d-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const found = { value: value(i, idOf()), tags: [`session:${idOf()}`], snapshot: snapshotOf(i) };
    await cache.objects.get({ cache: 'session', key: idOf(), ttlSeconds: 1_800, lookUp: async () => found });
  };
  const kinds = {
    ...Object.fromEntries(
      Object.entries(MADE_UP).map(([name, made]) => [name, (cache, i) => cache.ask(made(i))]),
    ),
    'small post': (cache, i) => cache.ask(post(i, 300)),
    post: (cache, i) => cache.ask(post(i, 6_000)),
    'post in three codings': (cache, i) => cache.ask(post(i, 6_000), true),
    'post from Redis': (cache, i) => cache.ask(post(i, 6_000)),
    session: look((i, id) => ({ id, user_id: i, username: `user-${i}`, role: 'author' })),
    'no session': look(() => null),
  };
  const measured = {};
  for (const [name, add] of Object.entries(kinds)) measured[name] = await measureKind(name, add);
  return measured;
}

async function measureKind(name, add) {
  const cache = new Flooded(2_048 * MIB, name === 'post from Redis' ? new FullRemoteStore() : undefined);
  await cache.fillFrontDoor();
  await breathe();
  const before = memoryNow().held;
  await times(5_000, (i) => add(cache, i));
  await breathe();
  const { entries, bytes } = cache.memory;
  return { entries, counted: bytes / entries, held: (memoryNow().held - before) / entries };
}

/** A million distinct keys: made-up ones, then more real posts than fit. */
async function measureMillion(maxBytes) {
  const madeUp = Object.values(MADE_UP);
  const popular = Array.from({ length: 50 }, (_, i) => post(1_000_000_000 + i, 6_000));
  const surviving = (cache) => popular.filter((each) => cache.has(each)).length;
  const cache = new Flooded(maxBytes);
  const begin = memoryNow();
  for (const each of popular) await cache.ask(each);
  await times(900_000, (i) => cache.ask(madeUp[i % 20 === 0 ? 2 : i % 2](i)));
  const afterMadeUp = { ...memoryNow(), survived: surviving(cache), bytes: cache.memory.bytes };
  await times(100_000, async (i) => {
    await cache.ask(post(i, 1_500));
    // As often as readers request popular answers.
    cache.has(popular[i % popular.length]);
  });
  const afterReal = { ...memoryNow(), survived: surviving(cache), bytes: cache.memory.bytes };
  return { popular: popular.length, begin, afterMadeUp, afterReal };
}

const [what, maxBytes] = process.argv.slice(2);
const measured = what === 'kinds' ? await measureKinds() : await measureMillion(Number(maxBytes));
process.stdout.write(JSON.stringify(measured));
