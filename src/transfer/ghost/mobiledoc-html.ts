import { renderMarkdown } from '../../platform/markup/render-markdown.js';
import { element, escapeHtml, image, string } from './build-html.js';
import { codeBlock, UnknownNode } from './lexical-html.js';

/** https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md */
interface Mobiledoc {
  readonly atoms?: readonly (readonly [string, string, object])[];
  readonly cards?: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly markups?: readonly (readonly [tag: string, attributes?: readonly string[]])[];
  readonly sections?: readonly Section[];
}
type Marker = readonly [type: number, opened: readonly number[], closed: number, value: string | number];
type Section = readonly [type: number, ...rest: unknown[]];

const TEXT = /^(?:p|h[1-6]|blockquote|aside)$/;
const INLINE = /^(?:a|b|strong|i|em|u|s|code|sub|sup)$/;

const CARDS: Readonly<Record<string, (card: Readonly<Record<string, unknown>>) => string>> = {
  markdown: (card) => renderMarkdown(string(card['markdown'])),
  'card-markdown': (card) => renderMarkdown(string(card['markdown'])),
  html: (card) => string(card['html']),
  image: (card) => image(card['src'], card['alt'], card['caption']),
  hr: () => '<hr>',
  code: (card) => codeBlock(string(card['code']), string(card['language'])),
  embed: (card) => string(card['html']),
  bookmark: (card) => element('p', element('a', escapeHtml(string(card['url'])), { href: card['url'] })),
};

class Renderer {
  constructor(private readonly document: Mobiledoc) {}

  section([type, first, second]: Section): string {
    if (type === 1) {
      const tag = string(first);
      return element(
        TEXT.test(tag) ? tag.replace('aside', 'blockquote') : 'p',
        this.markers(second as Marker[]),
      );
    }
    if (type === 2) return image(first, '', '');
    if (type === 3) {
      const items = (second as Marker[][]).map((markers) => element('li', this.markers(markers)));
      return element(first === 'ol' ? 'ol' : 'ul', items.join(''));
    }
    if (type === 10) return this.card(Number(first));
    throw new UnknownNode(`a section of type ${type}`);
  }

  private card(index: number): string {
    const [name = '', payload = {}] = this.document.cards?.[index] ?? [];
    const render = CARDS[name];
    if (render === undefined) throw new UnknownNode(`card "${name}"`);
    return render(payload);
  }

  /** Markups open before a marker and close after it, like tags. */
  private markers(markers: readonly Marker[]): string {
    const open: string[] = [];
    const parts = markers.map(([type, opened, closed, value]) => {
      const before = opened.map((index) => this.openTag(index, open)).join('');
      const text = type === 0 ? escapeHtml(string(value)) : this.atom(Number(value));
      const after = Array.from({ length: closed }, () => open.pop() ?? '').join('');
      return before + text + after;
    });
    return parts.join('');
  }

  private openTag(index: number, open: string[]): string {
    const [tag = '', attributes = []] = this.document.markups?.[index] ?? [];
    if (!INLINE.test(tag)) throw new UnknownNode(`markup "${tag}"`);
    open.push(`</${tag}>`);
    const href = attributes[attributes.indexOf('href') + 1];
    return element(tag, '', tag === 'a' ? { href } : {}).replace(`</${tag}>`, '');
  }

  private atom(index: number): string {
    const [name = '', text = ''] = this.document.atoms?.[index] ?? [];
    return name === 'soft-return' ? '<br>' : escapeHtml(text);
  }
}

/**
 * Converts the body of a post that was last edited in Ghost 1 to 4 and has no HTML yet: a draft.
 * @param source the JSON of the column `mobiledoc`
 * @throws UnknownNode for a card that cannot be converted, SyntaxError if it is not JSON
 */
export function mobiledocHtml(source: string): string {
  const document = JSON.parse(source) as Mobiledoc;
  const renderer = new Renderer(document);
  return (document.sections ?? []).map((section) => renderer.section(section)).join('\n');
}
