import type { Problem } from './problem.js';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The RFC 9457 document of a problem. `instance` is the path of the request, without its query. */
export function problemDocument(
  problem: Problem,
  instance: string,
  requestId: string,
): Record<string, unknown> {
  return {
    type: `urn:inkwell:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    instance,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}
