import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { compiledFile } from '../platform/threads/compiled-file.js';
import { Overrun } from '../platform/threads/overrun.js';
import { ThreadPool } from '../platform/threads/thread-pool.js';
import type { ContentFormat } from './post.entity.js';
import type { RenderingJob } from './post-rendering.thread.js';
import { type RenderedContent, renderContent, textTokensOf } from './post-text.js';
import { PostTooComplex } from './posts.problems.js';

/**
 * A thread takes 30 MB normally, and up to 100 MB for a text made to be slow. Each of the `WEB_CONCURRENCY` processes
 * has one.
 */
const THREADS = 1;
/** The longest real texts take a tenth of a second, or a few seconds on a busy machine. */
const DEADLINE_MS = 10_000;
/** For one thread. A text of 200,000 characters of nothing but Markdown markup needs about half of it. */
const MAX_HEAP_MB = 64;
const IDLE_MS = 10_000;
const MAX_WAITING = 64;
const MAX_WAITING_PER_AUTHOR = 16;

/**
 * Rendering a shorter text costs less than passing it to a thread, except for texts that may grow: tables and reference
 * links.
 */
const MAX_INLINE = 1_000;
const CAN_BLOW_UP = /\||\]:/;
/** HTML that was rendered before only needs to be tokenised. */
const MAX_HTML_INLINE = 20_000;

/** Renders texts off the event loop, so that no text can delay other answers. */
@Injectable()
export class PostRenderer implements OnApplicationShutdown {
  private readonly pool = new ThreadPool<RenderingJob, RenderedContent | string>({
    script: compiledFile('./post-rendering.thread.js', import.meta.url),
    ...{ threads: THREADS, deadlineMs: DEADLINE_MS, maxHeapMb: MAX_HEAP_MB, idleMs: IDLE_MS },
    ...{ maxWaiting: MAX_WAITING, maxWaitingPerOwner: MAX_WAITING_PER_AUTHOR },
  });

  /** @param owner authors take turns @throws PostTooComplex 422, ServiceUnavailable 503 if too many are waiting */
  async render(content: string, format: ContentFormat, owner: string): Promise<RenderedContent> {
    if (content.length <= MAX_INLINE && !CAN_BLOW_UP.test(content)) return renderContent(content, format);
    return (await this.perform({ content, format }, owner)) as RenderedContent;
  }

  /** The search tokens of a text that was rendered before. @throws like `render` */
  async textTokens(contentHtml: string, owner: string): Promise<string> {
    return this.textTokensAtOnce(contentHtml) ?? ((await this.perform({ contentHtml }, owner)) as string);
  }

  /** Like `textTokens`, but only for short texts. */
  textTokensAtOnce(contentHtml: string): string | undefined {
    return contentHtml.length <= MAX_HTML_INLINE ? textTokensOf(contentHtml) : undefined;
  }

  private async perform(job: RenderingJob, owner: string): Promise<RenderedContent | string> {
    try {
      return await this.pool.run(job, owner);
    } catch (error) {
      throw error instanceof Overrun ? new PostTooComplex(error) : error;
    }
  }

  /** Runs after the last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
