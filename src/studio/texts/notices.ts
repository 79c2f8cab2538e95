import { bilingual } from './bilingual.js';

/** What the page after a form says, by the `done` parameter of its address: `/studio/posts?done=trashed`. */
export const noticeTexts = bilingual(
  {
    'signed-out': 'You are signed out.',
    saved: 'Saved.',
    'role-changed': 'The role has changed.',
    'signed-out-everywhere': 'All sessions of this account have ended.',
    'account-deleted': 'The account is deleted.',
    'password-set': 'The password is set. Sign in with it.',
    'category-merged': 'The posts are here now, and the other category is gone.',
  },
  {
    'signed-out': '로그아웃했습니다.',
    saved: '저장했습니다.',
    'role-changed': '역할을 변경했습니다.',
    'signed-out-everywhere': '이 계정의 모든 세션을 종료했습니다.',
    'account-deleted': '계정을 삭제했습니다.',
    'password-set': '비밀번호를 설정했습니다. 새 비밀번호로 로그인해 주세요.',
    'category-merged': '글을 모두 옮기고 이전 카테고리를 없앴습니다.',
  },
);
