import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../errors/problem.js';
import { StorageFull, toProblem } from '../errors/to-problem.js';
import { requestMembers } from '../logs/log-requests.js';
import { type MethodsOfPaths, noSuchRoute } from './routing-problems.js';
import { sendProblem } from './send-problem.js';

const STATES: ReadonlySet<number> = new Set([503, 507]);

/** The only place where an error becomes an HTTP answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Request');

  constructor(
    private readonly allowedMethods: MethodsOfPaths,
    private readonly storage: { noteFull(): void },
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem =
      request.is404 && error instanceof NotFoundException
        ? noSuchRoute(request, this.allowedMethods)
        : toProblem(error);
    if (problem instanceof StorageFull) this.storage.noteFull();
    if (problem.status >= 500 && problem.refusal === undefined) this.log(problem, request);
    if (reply.sent) return;
    sendProblem(problem, request, reply);
  }

  /** Logs no stack for a 503 or a 507, which is a state rather than a defect. */
  private log(problem: Problem, request: FastifyRequest): void {
    const reason = problem.cause ?? problem;
    const members = { ...requestMembers(request), status: problem.status };
    if (STATES.has(problem.status)) this.logger.warn({ message: messageOf(reason), ...members });
    else this.logger.error({ message: messageOf(reason), ...members, error: reason });
  }
}

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));
