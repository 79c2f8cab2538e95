import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE, problemDocument } from '../errors/problem-document.js';
import type { Problem } from '../errors/problem.js';
import { logRefusal } from '../logs/log-refusal.js';

/** The path of a request, without its query. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';

/** Answers a request with a problem document. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  if (problem.refusal !== undefined) logRefusal(problem.refusal, request);
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
