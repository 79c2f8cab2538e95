import { bilingual } from './bilingual.js';

/** What the page after a form says, by the `done` parameter of its address: `/studio/posts?done=trashed`. */
export const noticeTexts = bilingual(
  {
    'signed-out': 'You are signed out.',
    saved: 'Saved.',
    'category-merged': 'The posts are here now, and the other category is gone.',
  },
  {
    'signed-out': '로그아웃했습니다.',
    saved: '저장했습니다.',
    'category-merged': '글을 모두 옮기고 이전 카테고리를 없앴습니다.',
  },
);
