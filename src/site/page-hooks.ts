import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import '../platform/cache/prepared-reply.js';
import { PROBLEM_CONTENT_TYPE } from '../platform/errors/problem-document.js';
import { pathOf } from '../platform/errors/send-problem.js';
import { fastifyOf } from '../platform/server/fastify-of.js';
import { FormerAddresses } from './former-addresses.js';
import { postHref } from './post-links.js';
import { prefersHtml } from './prefers-html.js';
import { problemPage } from './problem-page.js';

const API = /^\/(?:blog\/)?api\//;
/** WordPress numbers its posts on the address of its front page, which may be that of a page here. */
const NUMBERED = /^\/(?:blog\/?)?\?(?:.*&)?p=\d/;
const PAGES = /^\/blog(?:\/(?!api\/)|$)/;

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** What pages need from the server beyond routes of their own. */
@Injectable()
export class PageHooks implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly formerAddresses: FormerAddresses,
  ) {}

  onModuleInit(): void {
    const server = fastifyOf(this.adapterHost);
    server?.addHook('onRequest', (request, reply) => this.redirectFormerAddress(request, reply));
    server?.addHook('onSend', async (request, reply, payload) => this.negotiate(request, reply, payload));
  }

  /** What is nothing here may have been a post where the blog was before. */
  private async redirectFormerAddress(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const isCandidate = request.is404 || NUMBERED.test(request.url);
    if (!isCandidate || !isRead(request) || API.test(request.url)) return undefined;
    const slug = await this.formerAddresses.find(request.url);
    // The next import may know of a post that was here.
    reply.mustBeRouted = true;
    return slug === null ? undefined : reply.redirect(postHref(slug), 301);
  }

  /** A problem of a page is a page for those who ask for HTML by name. The status stays. */
  private negotiate(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
    const isProblem = String(reply.getHeader('content-type')).startsWith(PROBLEM_CONTENT_TYPE);
    if (!isProblem || typeof payload !== 'string' || !PAGES.test(pathOf(request))) return payload;
    const vary = reply.getHeader('vary');
    void reply.header('vary', vary === undefined ? 'Accept' : `${String(vary)}, Accept`);
    if (!prefersHtml(request.headers.accept)) return payload;
    void reply.header('content-type', 'text/html; charset=utf-8');
    return problemPage(JSON.parse(payload) as { title: string; detail?: string });
  }
}
