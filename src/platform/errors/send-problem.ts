import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';
import { PROBLEM_CONTENT_TYPE, problemDocument } from './problem-document.js';

/** The path a request asked for, without its query. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';

/** Answers a request with a problem document. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .status(problem.status)
    .headers({
      'cache-control': 'no-store',
      'x-request-id': request.id,
      ...problem.headers,
      'content-type': PROBLEM_CONTENT_TYPE,
    })
    .send(JSON.stringify(problemDocument(problem, pathOf(request), request.id)));
}
