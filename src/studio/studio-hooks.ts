import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE } from '../platform/errors/problem-document.js';
import type { Problem } from '../platform/errors/problem.js';
import { fastifyOf } from '../platform/lifecycle/fastify-of.js';
import { html } from '../platform/markup/html.js';
import { SettingsService } from '../settings/settings.service.js';
import { isByCookie } from '../platform/server/route-rules.js';
import { buttonLink, notice, pageHead } from './components.js';
import { explain, goOn } from './form.js';
import { studioPage } from './page.js';
import { accountTexts } from './texts/account.js';
import { commonTexts } from './texts/common.js';
import { textsOf, type Visit, visitOf } from './visit.js';

const HTML = 'text/html; charset=utf-8';
const API = '/studio/api/';

/** Is a request for the Studio? A path that has no route is of the Studio by its beginning. */
const isOfStudio = (request: FastifyRequest): boolean =>
  isByCookie(request) || (request.is404 && request.url.startsWith('/studio'));

const isOnApi = ({ routeOptions, url }: FastifyRequest): boolean => (routeOptions.url ?? url).startsWith(API);

/** `'self'` only. The editor adds its styles with the nonce. Posts may show media from anywhere. */
const policyOf = (nonce: string): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: https: http:`,
    `media-src 'self' https: http:`,
    `connect-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');

/** Headers of every answer of the Studio, and its problems as pages. */
@Injectable()
export class StudioHooks implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: SettingsService,
  ) {}

  onModuleInit(): void {
    const server = fastifyOf(this.adapterHost);
    server?.addHook('onRequest', async (request, reply) => {
      if (!isOfStudio(request)) return;
      await this.look(request);
      if (!isOnApi(request)) void reply.type(HTML);
    });
    // Also runs for requests that were refused before the hook above.
    server?.addHook('onSend', async (request, reply, payload) => {
      if (!isOfStudio(request)) return payload;
      void reply.headers(headersOf(request));
      if (isOnApi(request) || !isProblem(reply) || typeof payload !== 'string') return payload;
      await this.look(request);
      return problemAsPage(request, reply, payload);
    });
  }

  /** Reads the blog's name and colour. If the database is away, uses those that were read last. */
  private async look(request: FastifyRequest): Promise<void> {
    if (request.blogLook !== undefined) return;
    const { title, accent_color: accent } = await this.settings
      .current()
      .catch(() => this.settings.lastKnown);
    request.blogLook = { title, accent };
  }
}

const headersOf = (request: FastifyRequest): Readonly<Record<string, string>> => ({
  'cache-control': 'no-store',
  'content-security-policy': policyOf(visitOf(request).nonce),
  // With `no-referrer`, browsers would send forms with `Origin: null`.
  'referrer-policy': 'same-origin',
});

const isProblem = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type')).startsWith(PROBLEM_CONTENT_TYPE);

/** Shows a problem as a page. A page that needs a session leads to the sign-in and back. */
function problemAsPage(request: FastifyRequest, reply: FastifyReply, payload: string): string {
  const visit = visitOf(request);
  void reply.type(HTML);
  if (reply.statusCode === 401 && request.method === 'GET') {
    return goOn(reply.removeHeader('www-authenticate'), signInPath(request.url));
  }
  // A problem document is what sendProblem wrote.
  const problem = JSON.parse(payload) as Problem;
  return problemPage(visit, problem, reply.statusCode);
}

/** @param next where to go after it; the default is the posts */
const signInPath = (next: string): string => `/studio/sign-in?${new URLSearchParams({ next }).toString()}`;

interface Words {
  readonly title: string;
  readonly reason: string;
}

function wordsFor(visit: Visit, problem: Problem, status: number): Words {
  const title = visit.language === 'ko' ? explain(visit, problem) : problem.title;
  if (status === 401) return { title, reason: textsOf(visit, commonTexts).sessionEnded };
  if (problem.code === 'auth.forbidden' && visit.principal?.role === 'reader') {
    const { readerTitle, readerText } = textsOf(visit, accountTexts);
    return { title: readerTitle, reason: readerText };
  }
  return { title, reason: explain(visit, problem) };
}

function problemPage(visit: Visit, problem: Problem, status: number): string {
  const texts = textsOf(visit, commonTexts);
  const { title, reason } = wordsFor(visit, problem, status);
  return studioPage(
    visit,
    { title, isNarrow: true },
    html`${pageHead(title)} ${notice(reason, 'bad')}
      <p>
        ${status === 401 ? html`<a class="button" href="/studio/sign-in" target="_blank">${texts.signIn}</a>` : buttonLink('/studio', texts.menu)}
      </p>`,
  );
}
