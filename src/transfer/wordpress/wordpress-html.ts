import type { Remarks } from '../remarks.js';
import { classicParagraphs } from './classic-paragraphs.js';

const EDITOR_COMMENT = /<!--\s*(?:\/?wp:|more\b|nextpage\b|noteaser\b)[\s\S]*?-->\n?/g;
/** A block that WordPress fills in when it shows the page. The export does not contain its content. */
const DYNAMIC_BLOCK = /<!--\s*wp:([a-z][\w/-]*)\b(?:(?!-->)[\s\S])*?\/-->/g;
const CAPTION =
  /\[(caption|wp_caption)\b[^\]]*\]\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*<\/a>)?)\s*([\s\S]*?)\[\/\1\]/g;
const EMBED = /\[embed\b[^\]]*\]\s*(https?:\/\/[^\s[\]<>"]+)\s*\[\/embed\]/g;
/** WordPress embeds what a bare URL on its own line leads to, such as a video or a tweet. Not in preformatted text. */
const BARE_ADDRESS =
  /<(pre|script|style|textarea)\b[\s\S]*?<\/\1>|^([^\S\n]*)(https?:\/\/[^\s<>"]+)[^\S\n]*$/gm;
const CORE_SHORTCODES = 'gallery|audio|video|playlist|embed|caption|wp_caption|code|sourcecode';
const SHORTCODE = new RegExp(`\\[(${CORE_SHORTCODES}|[a-z][\\w-]*(?=\\s+[\\w-]+=))\\b[^\\]]*\\]`, 'gi');

const link = (address: string): string => `<a href="${address}">${address}</a>`;

function reportDynamic(content: string, remarks: Remarks): void {
  const blocks = new Set(Array.from(content.matchAll(DYNAMIC_BLOCK), ([, name]) => name!));
  for (const name of blocks) remarks.notKept(`block "${name}", which WordPress fills in itself`);
}

function reportShortcodes(html: string, remarks: Remarks): void {
  const names = new Set(Array.from(html.matchAll(SHORTCODE), ([, name]) => name!.toLowerCase()));
  for (const name of names) remarks.notKept(`shortcode [${name}], which stays as text`);
}

/**
 * Converts the HTML of a post in WordPress: from the block editor (blocks marked by comments) or the classic editor
 * (paragraphs marked by empty lines). Captions, embeds and bare URLs become the HTML that WordPress would show.
 */
export function wordpressHtml(content: string, remarks: Remarks): string {
  reportDynamic(content, remarks);
  const isOfBlocks = /<!--\s*wp:/.test(content);
  const html = content
    .replace(EDITOR_COMMENT, '')
    .replace(
      CAPTION,
      (_, _name, image: string, text: string) =>
        `<figure>${image}<figcaption>${text.trim()}</figcaption></figure>`,
    )
    .replace(EMBED, (_, address: string) => link(address))
    .replace(BARE_ADDRESS, (match, verbatim: string | undefined, indent: string, address: string) =>
      verbatim === undefined ? indent + link(address) : match,
    );
  reportShortcodes(html, remarks);
  return (isOfBlocks ? html : classicParagraphs(html)).trim();
}
