import { Random } from './random.js';
import type { Source, SourceAuthor, SourcePost } from './source.js';
import {
  CATEGORIES,
  ENGLISH,
  FIRST_NAMES,
  KOREAN,
  LAST_NAMES,
  TAGS,
  type Vocabulary,
} from './synthetic-words.js';

const EARLIEST_MS = Date.UTC(2019, 0, 1);
const LATEST_MS = Date.UTC(2025, 11, 31);
/** In characters. About 4 KB, like posts of personal blogs; Korean takes three bytes per character. */
const LENGTHS = { english: [1_500, 6_500], korean: [600, 2_400] } as const;
/** Authors and posts must not share their seeds. */
const AUTHOR_SEED = 500_000_000;

/** Numbered from 1. Author 7 is the same person, however many authors there are. */
export function syntheticAuthor(number: number): SourceAuthor {
  const random = new Random(AUTHOR_SEED + number);
  return {
    name: `writer-${number}`,
    displayName: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
  };
}

const code = (random: Random): string =>
  [
    '```ts',
    `const attempts = ${random.between(2, 9)};`,
    `for (let n = 1; n <= attempts; n += 1) await sleep(n * ${random.between(10, 500)});`,
    '```',
  ].join('\n');

const table = (random: Random): string =>
  ['| run | p50 | p99 |', '|---|---:|---:|']
    .concat(
      [1, 2, 3].map((run) => `| ${run} | ${random.between(1, 20)} ms | ${random.between(20, 400)} ms |`),
    )
    .join('\n');

function paragraph(random: Random, words: Vocabulary, topic: string): string {
  const sentences = Array.from({ length: random.between(3, 6) }, () => random.pick(words.sentences)(topic));
  return sentences.join(' ');
}

function block(random: Random, words: Vocabulary, topic: string): string {
  const dice = random.next();
  if (dice < 0.08) return code(random);
  if (dice < 0.13) return table(random);
  if (dice < 0.23) return `## ${random.pick(words.headings)}`;
  if (dice < 0.3)
    return random
      .sample(words.sentences, 3)
      .map((sentence) => `- ${sentence(topic)}`)
      .join('\n');
  if (dice < 0.35) return `> ${random.pick(words.sentences)(topic)}`;
  return paragraph(random, words, topic);
}

function content(random: Random, words: Vocabulary, topic: string, length: number): string {
  const blocks = [paragraph(random, words, topic)];
  for (let size = blocks[0]!.length; size < length;) {
    const next = block(random, words, topic);
    blocks.push(next);
    size += next.length + 2;
  }
  return blocks.join('\n\n');
}

/** @param number from 1 @param authors the number of authors: 1 to n */
function syntheticPost(number: number, authors: number): SourcePost {
  const random = new Random(number);
  const isKorean = random.chance(0.15);
  const words = isKorean ? KOREAN : ENGLISH;
  const [min, max] = isKorean ? LENGTHS.korean : LENGTHS.english;
  const topic = random.pick(words.topics);
  const title = random.pick(words.titles)(topic);
  const createdAt = new Date(random.between(EARLIEST_MS, LATEST_MS));
  return {
    key: `synthetic:${number}`,
    written: '',
    place: `post ${number}`,
    title,
    slug: `${title} ${number}`,
    content: content(random, words, topic, random.between(min, max)),
    contentFormat: 'markdown',
    author: syntheticAuthor(random.between(1, authors)),
    category: random.pick(CATEGORIES),
    tags: random.sample(TAGS, random.between(0, 5)),
    status: random.chance(0.03) ? 'draft' : 'published',
    createdAt,
    updatedAt: random.chance(0.2)
      ? new Date(createdAt.getTime() + random.between(1, 30) * 86_400_000)
      : undefined,
    formerAddresses: [],
  };
}

/** A generated blog. Given the number of authors, post n is always the same. */
export function syntheticBlog(authors: number, posts: number): Source {
  return {
    format: 'Synthetic blog',
    defaultAuthor: undefined,
    size: posts,
    async *items() {
      for (let number = 1; number <= posts; number += 1) {
        yield { position: number, post: syntheticPost(number, authors), remarks: [] };
      }
    },
  };
}
