import type { PostDetail } from '../blog/posts.service.js';
import { html, trusted } from '../platform/markup/html.js';
import { layout } from './layout.js';
import { metaLine, postHref, tagList } from './post-links.js';
import type { SiteView } from './site-view.js';

/**
 * The page of a post, whose HTML was sanitised when it was written.
 * @param options.publicUrl the public origin of the blog, if it is known
 * @param options.isPreview true for a text that is not public
 */
export const postPage = (
  view: SiteView,
  post: PostDetail,
  { publicUrl, isPreview = false }: { publicUrl?: string | undefined; isPreview?: boolean },
): string =>
  layout(
    view,
    {
      heading: post.title,
      description: post.excerpt,
      type: 'article',
      isHidden: isPreview,
      canonical: publicUrl === undefined ? undefined : new URL(postHref(post.slug), publicUrl).href,
    },
    html`<article>
        <h1 dir="auto">${post.title}</h1>
        ${metaLine(view, post)}
        <div class="content" dir="auto">${trusted(post.content_html)}</div>
        ${tagList(view, post)}
      </article>
      <nav class="more" aria-label="${view.texts.pages}"><a href="/blog/">${view.texts.allPosts}</a></nav>`,
  );
