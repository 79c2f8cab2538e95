export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** In the order we prefer when the client accepts them equally. */
const OFFERED = ['br', 'gzip', 'identity'] as const;
const MAX_REMEMBERED = 256;
const remembered = new Map<string, ContentEncoding>();

function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (name !== '' && Number.isFinite(weight)) weights.set(name === 'x-gzip' ? 'gzip' : name, weight);
  }
  return weights;
}

function choose(header: string): ContentEncoding {
  const weights = weightsOf(header);
  const weightOf = (encoding: ContentEncoding): number =>
    // identity is acceptable unless it is ruled out, and only as a last resort.
    weights.get(encoding) ?? (encoding === 'identity' ? 0.0001 : (weights.get('*') ?? 0));
  return OFFERED.reduce(
    (best, encoding) => (weightOf(encoding) > weightOf(best) ? encoding : best),
    OFFERED[0],
  );
}

/** The content coding to answer an `Accept-Encoding` with (RFC 9110 §12.5.3). Clients send few different ones. */
export function negotiateEncoding(header: string | undefined): ContentEncoding {
  if (header === undefined) return 'identity';
  const known = remembered.get(header);
  if (known !== undefined) return known;
  const chosen = choose(header);
  if (remembered.size < MAX_REMEMBERED) remembered.set(header, chosen);
  return chosen;
}
