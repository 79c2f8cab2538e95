import { Random } from '../../../src/transfer/random.js';
import { ENGLISH, KOREAN, type Vocabulary } from '../../../src/transfer/synthetic-words.js';

/** A post before it is stored in any system's format. */
export interface Article {
  /** From 1. */
  readonly number: number;
  readonly title: string;
  /** As in the system's address. Korean titles have Korean addresses. */
  readonly slug: string;
  readonly date: Date;
  readonly updated: Date;
  readonly author: Writer;
  readonly category: string;
  readonly tags: readonly string[];
  readonly isDraft: boolean;
  readonly blocks: readonly Block[];
}

interface Writer {
  readonly login: string;
  readonly name: string;
}

export type Block =
  | { readonly kind: 'paragraph' | 'heading' | 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'image'; readonly src: string; readonly alt: string };

const WRITERS: readonly Writer[] = [
  { login: 'jane', name: 'Jane Doe' },
  { login: 'chulsoo', name: '김철수' },
  { login: 'zoe.muller', name: 'Zoë Müller' },
];
const CATEGORIES = ['News', 'Travel & Food', '일상', 'Engineering'];
const TAGS = ['postgresql', 'Node.js', '서울', 'bread', 'c++', 'Film Photography', 'notes'];

function blockOf(random: Random, words: Vocabulary, topic: string): Block {
  const sentence = (): string => random.pick(words.sentences)(topic);
  const dice = random.next();
  if (dice < 0.15) return { kind: 'heading', text: random.pick(words.headings) };
  if (dice < 0.25) return { kind: 'list', items: [sentence(), sentence(), sentence()] };
  if (dice < 0.32)
    return { kind: 'code', code: `if (a < ${random.between(1, 9)} && b) {\n\n  run("${topic}");\n}` };
  if (dice < 0.38) return { kind: 'quote', text: sentence() };
  if (dice < 0.43) return { kind: 'image', src: `/images/${random.between(1, 99)}.jpg`, alt: topic };
  return { kind: 'paragraph', text: [sentence(), sentence(), sentence()].join(' ') };
}

function article(number: number): Article {
  const random = new Random(9_000 + number);
  const isKorean = number % 6 === 0;
  const words = isKorean ? KOREAN : ENGLISH;
  const topic = random.pick(words.topics);
  const title = `${random.pick(words.titles)(topic)} (${number})`;
  const date = new Date(
    Date.UTC(2012, 0, 1 + ((number * 17) % 4_700), random.between(0, 23), random.between(0, 59)),
  );
  const opening: Block = { kind: 'paragraph', text: random.pick(words.sentences)(topic) };
  return {
    number,
    title,
    slug: title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, ''),
    date,
    updated: new Date(date.getTime() + random.between(0, 20) * 86_400_000),
    author: random.pick(WRITERS),
    category: random.pick(CATEGORIES),
    tags: random.sample(TAGS, random.between(0, 4)),
    isDraft: number % 14 === 0,
    blocks: [opening, ...Array.from({ length: random.between(4, 14) }, () => blockOf(random, words, topic))],
  };
}

/** Always the same articles. */
export const articles = (count: number): Article[] =>
  Array.from({ length: count }, (_, index) => article(index + 1));

const blockMarkdown = (block: Block): string => {
  switch (block.kind) {
    case 'heading':
      return `## ${block.text}`;
    case 'quote':
      return `> ${block.text}`;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'code':
      return `\`\`\`js\n${block.code}\n\`\`\``;
    case 'image':
      return `![${block.alt}](${block.src})`;
    default:
      return block.text;
  }
};

export const markdownOf = ({ blocks }: Article): string => blocks.map(blockMarkdown).join('\n\n');

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const blockHtml = (block: Block): string => {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'quote':
      return `<blockquote><p>${escapeHtml(block.text)}</p></blockquote>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'code':
      return `<pre><code>${escapeHtml(block.code)}</code></pre>`;
    case 'image':
      return `<figure><img src="${block.src}" alt="${escapeHtml(block.alt)}" /></figure>`;
    default:
      return `<p>${escapeHtml(block.text)}</p>`;
  }
};
