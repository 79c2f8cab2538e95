import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer } from './answer.js';
import { entityTag, matchesAny } from './entity-tag.js';

const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

/** Writes an Answer: ETag, caching headers, and 304 when the client has it already. */
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

function write(answer: Answer, request: FastifyRequest, reply: FastifyReply): string | undefined {
  const { body, status = 200, contentType = JSON_CONTENT_TYPE, headers = {}, version } = answer.parts;
  const etag = entityTag(body, version);
  const isShared = answer.parts.isPrivate !== true && request.principal === undefined;
  void reply.headers({
    vary: 'Accept-Encoding',
    ...headers,
    etag,
    'cache-control': isShared ? 'public, no-cache' : 'private, no-store',
    'content-type': contentType,
  });
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && status === 200 && matchesAny(request.headers['if-none-match'], etag)) {
    void reply.status(304).removeHeader('content-type');
    return undefined;
  }
  void reply.status(status);
  return body;
}
