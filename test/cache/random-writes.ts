import fc from 'fast-check';
import { type ImportedPost, PostsService } from '../../src/blog/posts.service.js';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import type { Random } from '../../src/transfer/random.js';
import { UsersService } from '../../src/users/users.service.js';
import type { Person, Scene } from './world.js';

/** Few of everything, so that names are taken, freed, and taken again. */
export const USERNAMES = ['ann', 'ben_2', 'cat-3', 'dan'] as const;
export const TAGS = ['Node.js', 'node-js', 'travel', '2024', '한국'] as const;
/** Two that differ in case only, and two that want the same slug. */
const CATEGORIES = ['General', 'Essays', 'essays', 'C++', 'C plus plus', '한국어'] as const;
const SLUGS = ['first', 'second', 'third', 'hello-world'] as const;
/** Addresses of another system. Two of them are also addresses of pages here. */
export const FORMER_PATHS = ['/old/1', '/old/2', '/blog/?p=1', '/blog/posts/second'] as const;
const TITLES = ['First', 'Second', 'Third & last', '안녕 세계', '1984', 'Hello, world'] as const;
const CONTENTS = [
  'Plain.',
  '# Heading\n\n*Text* of a post.',
  `Long. ${'word '.repeat(400)}`,
  '한국어 본문',
] as const;
const COLORS = ['#1f5fae', '#ffee00'] as const;
const ZONES = ['UTC', 'Asia/Seoul'] as const;
const WORDS = ['', 'Ann of the hills', '한국 사람', '<b>bold</b>'] as const;

type Fields = Record<string, unknown>;

/** Each field with its own probability. */
const someOf = (random: Random, probability: number, fields: Record<string, () => unknown>): Fields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(() => random.chance(probability))
      .map(([name, value]) => [name, value()]),
  );

const fieldsOf = (random: Random): Record<string, () => unknown> => ({
  title: () => random.pick(TITLES),
  content: () => random.pick(CONTENTS),
  category_name: () => random.pick(CATEGORIES),
  tags: () => random.sample(TAGS, random.between(0, 3)),
  slug: () => random.pick(SLUGS),
  status: () => random.pick(['draft', 'published']),
});

/** By its id or a slug. Rarely one that was deleted or never existed. */
function somePost({ random, world }: Scene): string {
  const live = [...world.livePosts];
  const isLive = live.length > 0 && random.chance(0.8);
  const id = isLive ? random.pick(live) : random.between(1, world.lastPostId + 1);
  return `/blog/api/posts/${random.chance(0.8) ? id : random.pick([...world.slugs, 'first'])}`;
}

/** Anyone except the administrator; undefined if there is nobody else. */
const somebodyElse = ({ random, world }: Scene): Person | undefined =>
  world.people.length > 1 ? random.pick(world.people.slice(1)) : undefined;

/** The user may have been deleted by now; then the command fails. */
async function operate(scene: Scene, what: string, work: () => Promise<unknown>): Promise<void> {
  const outcome = await work().then(
    () => 'done',
    (error: unknown) => (error as Error).name,
  );
  scene.note(what, outcome);
}

async function importPosts(scene: Scene): Promise<void> {
  const { random, on, world } = scene;
  const posts = Array.from({ length: random.between(1, 3) }, (_, i): ImportedPost => ({
    sourceKey: `source ${world.history.length} ${i}`,
    title: random.pick(TITLES),
    slug: random.chance(0.5) ? random.pick(SLUGS) : undefined,
    content: random.pick(CONTENTS),
    contentFormat: 'markdown',
    authorId: random.chance(0.3) ? null : random.pick(world.people).id,
    categoryName: random.chance(0.5) ? random.pick(CATEGORIES) : undefined,
    tags: random.sample(TAGS, 2),
    status: random.chance(0.3) ? 'draft' : 'published',
    createdAt: new Date(Date.UTC(2024, 0, random.between(1, 28))),
    updatedAt: new Date(Date.UTC(2024, 1, 1)),
    formerPaths: random.sample(FORMER_PATHS, 2),
    formerSlugs: random.sample(SLUGS, 1),
  }));
  await operate(scene, `import ${JSON.stringify(posts)}`, async () => {
    const made = await on.app
      .get(TransactionRunner)
      .run((tx) => on.app.get(PostsService).importBatch(tx, posts));
    for (const { id, slug } of made) {
      world.lastPostId = Math.max(world.lastPostId, id);
      world.livePosts.add(id);
      world.slugs.add(slug);
    }
  });
}

async function changePassword(scene: Scene): Promise<void> {
  const person = somebodyElse(scene);
  if (person === undefined) return;
  const changes = { password: `${person.password} more`, current_password: person.password };
  const answer = await scene.send('PATCH', `/api/users/${person.id}`, changes, person.tokens.at(-1));
  if (answer.status === 200) person.password = changes.password;
}

async function resetPassword(scene: Scene): Promise<void> {
  const person = somebodyElse(scene);
  if (person === undefined) return;
  await operate(scene, `reset the password of ${person.username}`, async () => {
    person.password = await scene.on.app.get(UsersService).resetPassword(person.username);
  });
}

async function endSession(scene: Scene): Promise<void> {
  const token = somebodyElse(scene)?.tokens.at(-1);
  if (token === undefined) return;
  const listed = await scene.send('GET', '/api/sessions', undefined, token);
  const sessions = listed.status === 200 ? (JSON.parse(listed.body.toString()) as { id: string }[]) : [];
  const ways = ['logout', 'logout-all', ...sessions.map(({ id }) => `sessions/${id}`)];
  const way = scene.random.pick(ways);
  await scene.send(way.startsWith('sessions') ? 'DELETE' : 'POST', `/api/${way}`, undefined, token);
}

const writes = {
  create: (scene: Scene) => {
    const { title, content, ...rest } = fieldsOf(scene.random);
    const body = { title: title!(), content: content!(), ...someOf(scene.random, 0.4, rest) };
    return scene.send('POST', '/blog/api/posts', body, scene.someToken);
  },
  revise: (scene: Scene) =>
    scene.send('PATCH', somePost(scene), someOf(scene.random, 0.35, fieldsOf(scene.random)), scene.someToken),
  replace: (scene: Scene) => {
    const { title, content, ...rest } = fieldsOf(scene.random);
    const body = { title: title!(), content: content!(), ...someOf(scene.random, 0.4, rest) };
    return scene.send('PUT', somePost(scene), body, scene.someToken);
  },
  remove: async (scene: Scene) => {
    const path = somePost(scene);
    const { status } = await scene.send('DELETE', path, undefined, scene.someToken);
    if (status === 204) scene.world.livePosts.delete(Number(path.split('/').at(-1)));
  },
  importPosts,
  reviseCategory: async (scene: Scene) => {
    const { random, world } = scene;
    const changes = {
      name: random.pick(CATEGORIES),
      ...(random.chance(0.3) ? { color: '#123456' } : {}),
    };
    const [token, path] = [world.administrator.tokens[0], `/blog/api/categories/${random.between(1, 8)}`];
    const { status, body } = await scene.send('PATCH', path, changes, token);
    if (status === 200) world.categories.add((JSON.parse(body.toString()) as { slug: string }).slug);
  },
  mergeCategory: (scene: Scene) => {
    const [from, into] = [scene.random.between(1, 8), scene.random.between(1, 8)];
    const token = scene.world.administrator.tokens[0];
    return scene.send('POST', `/blog/api/categories/${from}/merge`, { into }, token);
  },
  register: (scene: Scene) => scene.register(scene.random.pick(USERNAMES)),
  login: (scene: Scene) => scene.login(somebodyElse(scene) ?? scene.world.administrator),
  changeProfile: (scene: Scene) => {
    const { id, tokens } = scene.someone;
    const word = (): string => scene.random.pick(WORDS);
    const changes = someOf(scene.random, 0.6, { display_name: word, bio: word });
    return scene.send('PATCH', `/api/users/${id}`, changes, tokens.at(-1));
  },
  changeSettings: (scene: Scene) => {
    const { random, world } = scene;
    const changes = someOf(random, 0.4, {
      title: () => random.pick(TITLES),
      description: () => random.pick(WORDS),
      language: () => random.pick(['en', 'ko']),
      time_zone: () => random.pick(ZONES),
      posts_per_page: () => random.between(1, 4),
      accent_color: () => random.pick(COLORS),
      navigation: () => random.sample(SLUGS, 2).map((slug) => ({ label: slug, url: `/blog/posts/${slug}` })),
      footer: () => random.pick(CONTENTS.slice(0, 2)),
    });
    return scene.send('PATCH', '/api/site', changes, world.administrator.tokens[0]);
  },
  changePassword,
  resetPassword,
  changeRole: (scene: Scene) => {
    const person = somebodyElse(scene);
    const role = scene.random.pick(['reader', 'author', 'admin'] as const);
    if (person === undefined) return undefined;
    const { username } = person;
    return operate(scene, `${username} is ${role}`, () =>
      scene.on.app.get(UsersService).setRole(username, role),
    );
  },
  endSession,
  removePerson: (scene: Scene) => {
    const person = somebodyElse(scene);
    if (person === undefined) return undefined;
    return scene.send('DELETE', `/api/users/${person.id}`, undefined, scene.world.administrator.tokens[0]);
  },
  /** Not a write: from now on Redis answers, with entries from before all writes since. */
  forgetMemory: (scene: Scene) => {
    scene.on.app.get(CacheInvalidator).clear();
    scene.note('memory is cleared', 'done');
  },
} satisfies Record<string, (scene: Scene) => unknown>;

export type WriteKind = keyof typeof writes;

const WEIGHTS: Readonly<Record<WriteKind, number>> = {
  create: 5,
  revise: 12,
  replace: 3,
  remove: 3,
  importPosts: 1,
  reviseCategory: 4,
  mergeCategory: 2,
  register: 3,
  login: 1,
  changeProfile: 2,
  changeSettings: 3,
  changePassword: 1,
  resetPassword: 1,
  changeRole: 1,
  endSession: 2,
  removePerson: 2,
  forgetMemory: 3,
};

export interface RandomWrite {
  readonly kind: WriteKind;
  readonly seed: number;
  /** Through the uncached instance. The cached one learns of the write a moment later. */
  readonly isElsewhere: boolean;
}

export const randomWrite: fc.Arbitrary<RandomWrite> = fc.record({
  kind: fc.oneof(
    ...Object.entries(WEIGHTS).map(([kind, weight]) => ({
      weight,
      arbitrary: fc.constant(kind as WriteKind),
    })),
  ),
  seed: fc.nat(),
  isElsewhere: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
});

export const perform = async (kind: WriteKind, scene: Scene): Promise<void> => {
  await writes[kind](scene);
};
