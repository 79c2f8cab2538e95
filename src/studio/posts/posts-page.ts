import type { CategoryState } from '../../blog/categories.events.js';
import type { PostSummary } from '../../blog/posts.service.js';
import { html, type Html } from '../../platform/markup/html.js';
import { badge, button, buttonLink, emptyState, pageHead, selectField, textField } from '../components.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { postsTexts } from '../texts/posts.js';
import { textsOf, type Visit } from '../visit.js';
import type { PostsQuery } from './posts-query.js';

const PATH = '/studio/posts';
const MAX_SEARCH_LENGTH = 200;

export interface PostsPage {
  readonly query: PostsQuery;
  readonly posts: readonly PostSummary[];
  /** On all pages. */
  readonly total: number;
  /** Cursor of the next page, if there is one. */
  readonly next: string | null;
  /** Of the posts that the list may show. */
  readonly categories: readonly CategoryState[];
}

function hrefOf(query: Partial<PostsQuery>): string {
  const set = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${PATH}?${new URLSearchParams(set).toString()}`;
}

const isAdmin = ({ principal }: Visit): boolean => principal?.role === 'admin';
const mayWrite = ({ principal }: Visit): boolean => principal !== undefined && principal.role !== 'reader';

const isFiltered = ({ status, category, q }: PostsQuery): boolean =>
  status !== undefined || category !== undefined || q !== undefined;

/** One's own posts and drafts; for administrators, those of everybody as well. */
export function postsPage(visit: Visit, page: PostsPage): string {
  const texts = textsOf(visit, postsTexts);
  return studioPage(
    visit,
    { title: texts.title, current: 'posts' },
    html`${pageHead(texts.title, mayWrite(visit) && buttonLink(`${PATH}/new`, texts.write, 'primary'))}
      ${filters(visit, page)}
      <p class="hint" role="status">${texts.count(page.total)}</p>
      ${page.posts.length === 0 ? nothing(visit, page) : list(visit, page)} ${pager(visit, page)}`,
  );
}

function filters(visit: Visit, { query, categories }: PostsPage): Html {
  const texts = textsOf(visit, postsTexts);
  const { whose, status = '', category = '', sort } = query;
  const names = Object.fromEntries(categories.map(({ slug, name }) => [slug, name]));
  const ofAll = { mine: texts.mine, all: texts.everybodys };
  const statuses = { '': texts.anyStatus, draft: texts.drafts, published: texts.published };
  // A category without a post that is shown stays chosen.
  const chosen = category === '' || category in names ? {} : { [category]: category };
  const inCategories = { '': texts.anyCategory, ...names, ...chosen };
  const orders = {
    newest: texts.newest,
    oldest: texts.oldest,
    updated: texts.updated,
    title: texts.byTitle,
  };
  return html`<form method="get" action="${PATH}" class="filters" role="search">
    ${isAdmin(visit) && selectField({ name: 'whose', label: texts.whose, value: whose, options: ofAll })}
    ${selectField({ name: 'status', label: texts.status, value: status, options: statuses })}
    ${selectField({ name: 'category', label: texts.category, value: category, options: inCategories })}
    ${selectField({ name: 'sort', label: texts.sort, value: sort, options: orders })}
    ${textField({ name: 'q', label: texts.search, type: 'search', value: query.q, maxLength: MAX_SEARCH_LENGTH })}
    ${button(texts.show)}
  </form>`;
}

function nothing(visit: Visit, { query }: PostsPage): Html {
  const texts = textsOf(visit, postsTexts);
  const { whose, sort } = query;
  if (isFiltered(query))
    return emptyState(html`${texts.noMatch} <a href="${hrefOf({ whose, sort })}">${texts.reset}</a>`);
  return emptyState(mayWrite(visit) ? texts.nothingYet : texts.onlyReading);
}

const list = (visit: Visit, { posts, query }: PostsPage): Html =>
  html`<ul class="items">
    ${posts.map((post) => item(visit, post, query))}
  </ul> `;

function item(visit: Visit, post: PostSummary, { whose, sort }: PostsQuery): Html {
  const texts = textsOf(visit, postsTexts);
  const { id, slug, title, status, author, category } = post;
  const isPublished = status === 'published';
  const published = sort === 'updated' ? null : post.published_at;
  return html`<li>
    <div>
      <h2 dir="auto"><a href="${PATH}/${id}">${title}</a></h2>
      <p class="hint">
        ${badge(isPublished ? texts.published : texts.draft, isPublished ? 'good' : '')}
        <span dir="auto">${category.name}</span> ${whose === 'all' && html`<span>${texts.by(author)}</span>`}
        <span
          >${
            isPublished && published !== null
              ? texts.publishedOn(dateOf(visit, published))
              : texts.changedOn(dateOf(visit, post.updated_at))
          }</span
        >
      </p>
    </div>
    <div class="actions">
      ${isPublished && html`<a class="button quiet" href="/blog/posts/${slug}" aria-label="${texts.viewPost(title)}">${texts.view}</a>`}
      <a class="button quiet" href="${PATH}/${id}" aria-label="${texts.editPost(title)}">${texts.edit}</a>
    </div>
  </li> `;
}

/** @param time ISO 8601; the day is that of UTC */
const dateOf = ({ language }: Visit, time: string): string =>
  new Date(time).toLocaleDateString(language, { dateStyle: 'medium', timeZone: 'UTC' });

function pager(visit: Visit, { query, next }: PostsPage): Html | null {
  const common = textsOf(visit, commonTexts);
  const { cursor, ...first } = query;
  if (cursor === undefined && next === null) return null;
  return html`<nav class="actions" aria-label="${common.next}">
    ${cursor !== undefined && buttonLink(hrefOf(first), common.first, 'quiet')}
    ${next !== null && buttonLink(hrefOf({ ...first, cursor: next }), common.next)}
  </nav>`;
}
