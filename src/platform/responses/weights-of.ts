/** The names in an Accept or Accept-Encoding header with their weights (RFC 9110 §12.4.2). Skips broken weights. */
export const weightsOf = (header: string): readonly (readonly [name: string, weight: number])[] =>
  header
    .toLowerCase()
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, q === undefined ? 1 : Number(q.slice(2))] as const;
    })
    .filter(([name, weight]) => name !== '' && Number.isFinite(weight));
