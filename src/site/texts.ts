import type { Language } from '../settings/settings.service.js';

/** The part of a problem document that a page shows. */
export interface ShownProblem {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
}

type ProblemText = Pick<ShownProblem, 'title' | 'detail'>;

const en = {
  allCategories: (count: number): string => `All ${count} categories`,
  allPosts: 'All posts',
  categories: 'Categories',
  categoriesDescription: 'All categories, by name.',
  deletedAuthor: '[deleted]',
  latestPosts: 'Latest posts',
  listDescription: (heading: string): string => `${heading}: posts, newest first.`,
  navigation: 'Main',
  newestPosts: 'Newest posts',
  next: 'Next',
  noCategories: 'There are no categories here.',
  noPosts: 'There are no posts here.',
  olderPosts: 'Older posts',
  pages: 'Pages',
  postsBy: (author: string): string => `Posts by ${author}`,
  postsDescription: 'All posts, newest first.',
  previous: 'Previous',
  problem: ({ title, detail = '' }: ShownProblem): ProblemText => ({ title, detail }),
  publishedWith: 'Published with Inkwell',
  search: 'Search',
  searchLabel: 'Search the blog',
  searchResults: (words: string): string => `Search: ${words}`,
  skip: 'Skip to content',
  tagged: (tag: string): string => `Tagged ${tag}`,
  tags: 'Tags',
};

export type Texts = typeof en;

const KOREAN_PROBLEMS: Readonly<Record<number, Required<ProblemText>>> = {
  404: { title: '페이지를 찾을 수 없습니다', detail: '주소가 바뀌었거나 글이 삭제되었을 수 있습니다.' },
  405: { title: '허용되지 않는 요청입니다', detail: '이 주소에서는 할 수 없는 요청입니다.' },
  429: { title: '요청이 너무 많습니다', detail: '잠시 후 다시 시도해 주세요.' },
  503: { title: '지금은 페이지를 보여 드릴 수 없습니다', detail: '잠시 후 다시 시도해 주세요.' },
};

function koreanProblem({ status }: ShownProblem): ProblemText {
  const known = KOREAN_PROBLEMS[status];
  if (known !== undefined) return known;
  return status < 500
    ? { title: '잘못된 요청입니다', detail: '주소를 다시 확인해 주세요.' }
    : { title: '서버에 문제가 생겼습니다', detail: '잠시 후 다시 시도해 주세요.' };
}

const ko: Texts = {
  allCategories: (count) => `카테고리 ${count}개 모두 보기`,
  allPosts: '전체 글',
  categories: '카테고리',
  categoriesDescription: '모든 카테고리를 이름순으로 보여 줍니다.',
  deletedAuthor: '[탈퇴한 사용자]',
  latestPosts: '최신 글',
  listDescription: (heading) => `${heading} – 최신순 글 목록입니다.`,
  navigation: '주 메뉴',
  newestPosts: '최신 글',
  next: '다음',
  noCategories: '카테고리가 없습니다.',
  noPosts: '글이 없습니다.',
  olderPosts: '이전 글',
  pages: '페이지 이동',
  postsBy: (author) => `${author} 님의 글`,
  postsDescription: '모든 글을 최신순으로 보여 줍니다.',
  previous: '이전',
  problem: koreanProblem,
  publishedWith: 'Inkwell로 만들었습니다',
  search: '검색',
  searchLabel: '블로그 검색',
  searchResults: (words) => `검색: ${words}`,
  skip: '본문으로 건너뛰기',
  tagged: (tag) => `태그: ${tag}`,
  tags: '태그',
};

/** The texts of the public pages. */
export const siteTexts: Readonly<Record<Language, Texts>> = { en, ko };
