import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer, JSON_CONTENT_TYPE } from './answer.js';
import { entityTag } from './entity-tag.js';
import { writeAnswer } from './write-answer.js';

/** Writes the answers that no cache has written. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next
      .handle()
      .pipe(
        map((result: unknown) =>
          result instanceof Answer
            ? write(result, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>())
            : result,
        ),
      );
  }
}

function write({ parts }: Answer, request: FastifyRequest, reply: FastifyReply): string | undefined {
  const {
    body,
    status = 200,
    contentType = JSON_CONTENT_TYPE,
    headers = {},
    version,
    isPrivate = false,
  } = parts;
  const etag = entityTag(body, version);
  return writeAnswer(request, reply, { status, contentType, headers, etag, etags: [etag], body, isPrivate });
}
