import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ValidationFailed } from '../errors/validation-failed.js';

const MAX_ERRORS = 20;

const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON pointer (RFC 6901) to the member that an issue is about. */
function pointerOf(issue: StandardSchemaV1.Issue): string {
  const keys = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  return keys.map((key) => `/${escapeToken(String(key))}`).join('');
}

/** What the validation pipe throws: the first twenty issues, each with its place. */
export const validationFailed = (issues: readonly StandardSchemaV1.Issue[]): ValidationFailed =>
  new ValidationFailed(
    issues.slice(0, MAX_ERRORS).map((issue) => ({ pointer: pointerOf(issue), detail: issue.message })),
  );
