import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestMembers } from '../logs/log-requests.js';
import { pathOf, sendProblem } from './send-problem.js';
import { MethodNotAllowed, RouteNotFound } from './routing-problems.js';
import type { Problem } from './problem.js';
import { toProblem } from './to-problem.js';

/** The one place where an error becomes an HTTP answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Request');

  constructor(private readonly allowedMethods: { of(path: string): string[] }) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem =
      request.is404 && error instanceof NotFoundException ? this.noSuchRoute(request) : toProblem(error);
    if (problem.status >= 500) this.log(problem, request);
    if (reply.sent) return;
    sendProblem(problem, request, reply);
  }

  /** A 503 is a state, not a defect: it has no use for a stack. */
  private log(problem: Problem, request: FastifyRequest): void {
    const reason = problem.cause ?? problem;
    const members = { ...requestMembers(request), status: problem.status };
    if (problem.status === 503) this.logger.warn({ message: messageOf(reason), ...members });
    else this.logger.error({ message: messageOf(reason), ...members, error: reason });
  }

  private noSuchRoute(request: FastifyRequest): Problem {
    const allowed = this.allowedMethods.of(pathOf(request));
    // A route may match an empty parameter here, which the server's own router does not.
    return allowed.length === 0 || allowed.includes(request.method)
      ? new RouteNotFound(pathOf(request))
      : new MethodNotAllowed(request.method, allowed);
  }
}

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));
