import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import '../platform/responses/prepared-reply.js';
import { PROBLEM_CONTENT_TYPE } from '../platform/errors/problem-document.js';
import { pathOf } from '../platform/server/send-problem.js';
import { isOnApi } from '../platform/openapi/is-on-api.js';
import { fastifyOf } from '../platform/lifecycle/fastify-of.js';
import { type SiteSettings, SettingsService } from '../settings/settings.service.js';
import { FormerAddresses } from './former-addresses.js';
import { postHref } from './post-links.js';
import { prefersHtml } from './prefers-html.js';
import { problemPage } from './problem-page.js';
import { siteViewOf } from './site-view.js';
import type { ShownProblem } from './texts.js';

/**
 * A WordPress address with a post's number in the query of the front page, whose path may also be that of a page here.
 */
const NUMBERED = /^\/(?:blog\/?)?\?(?:.*&)?p=\d/;
const PAGES = /^\/(?:blog|preview)(?:\/(?!api\/)|$)/;

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** Hooks that the pages need besides their routes. */
@Injectable()
export class PageHooks implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly formerAddresses: FormerAddresses,
    private readonly settings: SettingsService,
  ) {}

  onModuleInit(): void {
    const server = fastifyOf(this.adapterHost);
    server?.addHook('onRequest', (request, reply) => this.redirectFormerAddress(request, reply));
    server?.addHook('onSend', (request, reply, payload) => this.negotiate(request, reply, payload));
  }

  /** Redirects a request for a former address of a post. */
  private async redirectFormerAddress(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const isCandidate = request.is404 || NUMBERED.test(request.url);
    if (!isCandidate || !isRead(request) || isOnApi(request.url)) return undefined;
    const slug = await this.formerAddresses.find(request.url);
    // The next import may bring a post with this former address.
    reply.mustBeRouted = true;
    return slug === null ? undefined : reply.redirect(postHref(slug), 301);
  }

  /** Shows a problem as a page to clients that ask for HTML by name. The status stays the same. */
  private async negotiate(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const isProblem = String(reply.getHeader('content-type')).startsWith(PROBLEM_CONTENT_TYPE);
    if (!isProblem || typeof payload !== 'string' || !PAGES.test(pathOf(request))) return payload;
    const vary = reply.getHeader('vary');
    void reply.header('vary', vary === undefined ? 'Accept' : `${String(vary)}, Accept`);
    if (!prefersHtml(request.headers.accept)) return payload;
    void reply.header('content-type', 'text/html; charset=utf-8');
    const problem = JSON.parse(payload) as ShownProblem;
    return problemPage(siteViewOf(await this.settingsFor(problem)), problem);
  }

  /** A page about a failure must not wait for what has failed. */
  private async settingsFor({ status }: ShownProblem): Promise<SiteSettings> {
    if (status >= 500) return this.settings.lastKnown;
    return this.settings.current().catch(() => this.settings.lastKnown);
  }
}
