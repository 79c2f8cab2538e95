import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { READY } from '../platform/threads/ready.js';
import type { ContentFormat } from './post.entity.js';
import { type RenderedContent, renderContent, textTokensOf } from './post-text.js';

/** A text to render, or HTML that only needs search tokens. */
export type RenderingJob =
  { readonly content: string; readonly format: ContentFormat } | { readonly contentHtml: string };

/**
 * A text of 200,000 characters has at most 1,200,000 characters as HTML, if all of them must be escaped. Anything above
 * was made to grow.
 */
const MAX_HTML = 1_500_000;

/** Added to this thread's niceness, so that the event loop gets the CPU first on a busy machine. */
const BEHIND_THE_LOOP = 10;
const LEAST_PRIORITY = 19;

function perform(job: RenderingJob): RenderedContent | string {
  if ('contentHtml' in job) return textTokensOf(job.contentHtml);
  const rendered = renderContent(job.content, job.format);
  if (rendered.contentHtml.length > MAX_HTML)
    throw new RangeError(`More than ${MAX_HTML} characters of HTML`);
  return rendered;
}

// On Linux this applies to the thread only, elsewhere to the whole process.
if (process.platform === 'linux') setPriority(Math.min(LEAST_PRIORITY, getPriority() + BEHIND_THE_LOOP));
parentPort!.on('message', (job: RenderingJob) => parentPort!.postMessage(perform(job)));
parentPort!.postMessage(READY);
