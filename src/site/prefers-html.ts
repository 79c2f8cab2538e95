const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;
const JSON_TYPES = /^application\/(?:problem\+)?json$/;

/** The highest weight (`q`) that an Accept header gives to a media type by name, 0 when it does not name it. */
function weightOf(accept: string, types: RegExp): number {
  const weights = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (!types.test(type)) return 0;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return q === undefined ? 1 : Number(q.slice(2)) || 0;
  });
  return Math.max(...weights);
}

/** Browsers ask for HTML by name; programs take anything, or ask for JSON (RFC 9110 §12.5.1). */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const weight = weightOf(accept, HTML);
  return weight > 0 && weight > weightOf(accept, JSON_TYPES);
}
