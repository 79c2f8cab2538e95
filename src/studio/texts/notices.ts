import { bilingual } from './bilingual.js';

/** What the page after a form says, by the `done` parameter of its address: `/studio/posts?done=trashed`. */
export const noticeTexts = bilingual(
  {
    'signed-out': 'You are signed out.',
    saved: 'Saved.',
  },
  {
    'signed-out': '로그아웃했습니다.',
    saved: '저장했습니다.',
  },
);
