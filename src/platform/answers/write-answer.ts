import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesAny } from './entity-tag.js';

export interface WritableAnswer<Body extends string | Buffer> {
  readonly status: number;
  readonly contentType: string;
  /** Lower-case names; the ones of this answer alone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  /** ETags of every representation of the same answer: a client that has any of them has it. */
  readonly etags: readonly string[];
  readonly body: Body;
  readonly isPrivate?: boolean;
}

/** CORS has said `Origin` already. */
function appendVary(reply: FastifyReply, name: string): void {
  const before = reply.getHeader('vary');
  void reply.header('vary', before === undefined ? name : `${String(before)}, ${name}`);
}

/** Sets the headers of an answer. @returns its body, or undefined with 304 when the client has it */
export function writeAnswer<Body extends string | Buffer>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: WritableAnswer<Body>,
): Body | undefined {
  const isShared = answer.isPrivate !== true && request.principal === undefined;
  appendVary(reply, 'Accept-Encoding');
  void reply.headers({
    ...answer.headers,
    etag: answer.etag,
    'cache-control': isShared ? 'public, no-cache' : 'private, no-store',
  });
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const matched = answer.etags.find((etag) => matchesAny(request.headers['if-none-match'], etag));
  if (isRead && answer.status === 200 && matched !== undefined) {
    void reply.status(304).header('etag', matched).removeHeader('content-encoding');
    return undefined;
  }
  void reply.status(answer.status).header('content-type', answer.contentType);
  return answer.body;
}
