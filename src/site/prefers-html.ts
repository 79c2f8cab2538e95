import { weightsOf } from '../platform/responses/weights-of.js';

const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;
const JSON_TYPES = /^application\/(?:problem\+)?json$/;

type Weights = ReturnType<typeof weightsOf>;

/** The highest weight of a media type by name; 0 if it is not named. */
const highest = (weights: Weights, types: RegExp): number =>
  Math.max(0, ...weights.map(([type, weight]) => (types.test(type) ? weight : 0)));

/** Browsers ask for HTML by name. Other programs accept anything, or ask for JSON (RFC 9110 §12.5.1). */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const weights = weightsOf(accept);
  return highest(weights, HTML) > highest(weights, JSON_TYPES);
}
