import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Principal } from '../platform/access/principal.js';
import { weightsOf } from '../platform/responses/weights-of.js';
import { type Language, LANGUAGES } from './texts/bilingual.js';
import { noticeTexts } from './texts/notices.js';

/** The choice of this browser, which beats `Accept-Language`. */
export const LANGUAGE_COOKIE = 'inkwell_language';
const CHOSEN = new RegExp(`(?:^|;\\s*)${LANGUAGE_COOKIE}=(${LANGUAGES.join('|')})(?:;|$)`);
const NONCE_BYTES = 16;
/** While nothing is known of the blog. */
const UNKNOWN_BLOG = { title: 'Inkwell', accent: '#1f5fae' };

/** The request that a page of the Studio answers. */
export interface Visit {
  readonly language: Language;
  /** Undefined on pages for everybody. */
  readonly principal: Principal | undefined;
  /** Path and query. */
  readonly url: string;
  /** Of the Content-Security-Policy, for the styles that the editor adds. */
  readonly nonce: string;
  /** Of what the form before has done. */
  readonly notice: string | undefined;
  /** The blog's own name and colour. */
  readonly blog: BlogLook;
}

interface BlogLook {
  readonly title: string;
  /** `#rrggbb` */
  readonly accent: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    studioNonce?: string;
    blogLook?: BlogLook;
  }
}

function languageOf({ cookie, 'accept-language': accepted }: FastifyRequest['headers']): Language {
  const chosen = CHOSEN.exec(cookie ?? '')?.[1];
  if (chosen !== undefined) return chosen as Language;
  const wanted = weightsOf(accepted ?? '')
    .filter(([, weight]) => weight > 0)
    .toSorted(([, one], [, other]) => other - one)
    .map(([tag]) => tag.slice(0, 2).toLowerCase());
  return (wanted.find((tag) => LANGUAGES.includes(tag as Language)) as Language | undefined) ?? 'en';
}

const isNotice = (key: unknown): key is keyof typeof noticeTexts.en =>
  typeof key === 'string' && Object.hasOwn(noticeTexts.en, key);

export function visitOf(request: FastifyRequest): Visit {
  const language = languageOf(request.headers);
  const { done } = request.query as { done?: unknown };
  return {
    language,
    principal: request.principal,
    url: request.url,
    nonce: (request.studioNonce ??= randomBytes(NONCE_BYTES).toString('base64')),
    blog: request.blogLook ?? UNKNOWN_BLOG,
    notice: isNotice(done) ? noticeTexts[language][done] : undefined,
  };
}

/** The visit that a page answers. */
export const CurrentVisit = createParamDecorator((_: unknown, context: ExecutionContext) =>
  visitOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The messages of one area in the visitor's language. */
export const textsOf = <Texts>(
  { language }: Pick<Visit, 'language'>,
  catalogue: Readonly<Record<Language, Texts>>,
): Texts => catalogue[language];
