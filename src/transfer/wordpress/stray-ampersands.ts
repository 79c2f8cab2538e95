const STRAY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/gi;
const CDATA_EDGE = /(<!\[CDATA\[|\]\]>)/;

/**
 * Escapes ampersands that start no XML entity. The parser would read everything up to the next semicolon, several posts
 * later, as the name of one. CDATA sections, where an ampersand is literal, may span several calls.
 */
export class StrayAmpersands {
  private isInCdata = false;

  /** @param text whole lines */
  escape(text: string): string {
    if (!text.includes('&') && !text.includes(']]>') && !text.includes('<![CDATA[')) return text;
    const parts = text.split(CDATA_EDGE).map((part) => {
      if (part === '<![CDATA[') this.isInCdata = true;
      else if (part === ']]>') this.isInCdata = false;
      else if (!this.isInCdata) return part.replace(STRAY, '&amp;');
      return part;
    });
    return parts.join('');
  }
}
