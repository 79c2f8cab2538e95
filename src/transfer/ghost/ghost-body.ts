import { BrokenPost, type Remarks } from '../remarks.js';
import type { SourcePost } from '../source.js';
import type { GhostPost } from './ghost.schemas.js';
import { lexicalHtml, UnknownNode } from './lexical-html.js';
import { mobiledocHtml } from './mobiledoc-html.js';

type Body = Pick<SourcePost, 'content' | 'contentFormat'>;

/** The placeholder for the blog's own address in an export. */
const OWN_ADDRESS = /__GHOST_URL__/g;
const EDITOR_COMMENT = /<!--kg-card-(?:begin|end): [\w-]+-->\n?/g;

const isFilled = (text: string | null | undefined): text is string =>
  typeof text === 'string' && text.trim() !== '';

function rendered(source: string, render: (source: string) => string): string {
  try {
    return render(source);
  } catch (error) {
    if (error instanceof UnknownNode)
      throw new BrokenPost('has no HTML, and cannot be converted to HTML', { detail: error.message });
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw new BrokenPost('has no HTML, and cannot be converted to HTML', {
        detail: 'its document is broken',
      });
    }
    throw error;
  }
}

function bodyOf(post: GhostPost, remarks: Remarks): Body {
  if (isFilled(post.html)) return { content: post.html, contentFormat: 'html' };
  if (isFilled(post.markdown)) return { content: post.markdown, contentFormat: 'markdown' };
  if (isFilled(post.lexical)) {
    remarks.changed('post without HTML, converted from the format of its editor');
    return { content: rendered(post.lexical, lexicalHtml), contentFormat: 'html' };
  }
  if (isFilled(post.mobiledoc)) {
    remarks.changed('post without HTML, converted from the format of its editor');
    return { content: rendered(post.mobiledoc, mobiledocHtml), contentFormat: 'html' };
  }
  return { content: '', contentFormat: 'html' };
}

/** The HTML that Ghost has rendered, or else the post's document in its editor's format. @throws BrokenPost */
export function ghostBody(post: GhostPost, remarks: Remarks): Body {
  const { content, contentFormat } = bodyOf(post, remarks);
  return { content: content.replace(OWN_ADDRESS, '').replace(EDITOR_COMMENT, ''), contentFormat };
}
