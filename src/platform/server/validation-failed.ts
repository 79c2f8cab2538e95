import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ProblemDetail } from '../errors/problem.js';
import { ValidationFailed } from '../errors/validation-failed.js';

const MAX_ERRORS = 20;
/** Longer than any documented name. Longer input is not echoed. */
const MAX_NAME_LENGTH = 100;

const tokenOf = (key: PropertyKey): string =>
  String(key).slice(0, MAX_NAME_LENGTH).replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON pointer (RFC 6901). */
const pointerTo = (path: readonly PropertyKey[]): string => path.map((key) => `/${tokenOf(key)}`).join('');

/** @param path of the object with the unknown members */
const unknownIn = (path: readonly PropertyKey[], names: readonly string[]): ProblemDetail[] =>
  names.map((name) => ({ pointer: pointerTo([...path, name]), detail: 'is unknown here' }));

/** An issue of zod that lists all members unknown to the schema. */
interface UnrecognizedKeys extends StandardSchemaV1.Issue {
  readonly keys: readonly string[];
}

const isUnrecognizedKeys = (issue: StandardSchemaV1.Issue): issue is UnrecognizedKeys =>
  'code' in issue && issue.code === 'unrecognized_keys';

function detailsOf(issue: StandardSchemaV1.Issue): ProblemDetail[] {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  if (isUnrecognizedKeys(issue)) return unknownIn(path, issue.keys);
  return [{ pointer: pointerTo(path), detail: issue.message }];
}

const first = (errors: readonly ProblemDetail[]): ValidationFailed =>
  new ValidationFailed(errors.slice(0, MAX_ERRORS));

/** The error of the validation pipe: the first twenty faults, each with its location. */
export const validationFailed = (issues: readonly StandardSchemaV1.Issue[]): ValidationFailed =>
  first(issues.flatMap(detailsOf));

/** The error for parameters that a handler does not declare. */
export const unknownParameters = (names: readonly string[]): ValidationFailed => first(unknownIn([], names));
