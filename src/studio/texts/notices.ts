import { bilingual } from './bilingual.js';

/** What the page after a form says, by the `done` parameter of its address: `/studio/posts?done=trashed`. */
export const noticeTexts = bilingual(
  {
    'signed-out': 'You are signed out.',
    saved: 'Saved.',
    published: 'Published. Readers see it now.',
    updated: 'Updated. Readers see the new text now.',
    unpublished: 'This is a draft again. Readers do not see it any more.',
    discarded: 'The changes are discarded. This is the published text.',
    trashed: 'The post is in the trash.',
    restored: 'The post is restored.',
    shared: 'There is a preview link now.',
    revoked: 'The preview link leads nowhere any more.',
    'role-changed': 'The role has changed.',
    'signed-out-everywhere': 'All sessions of this account have ended.',
    'account-deleted': 'The account is deleted.',
    'password-set': 'The password is set. Sign in with it.',
    'category-merged': 'The posts are here now, and the other category is gone.',
  },
  {
    'signed-out': '로그아웃했습니다.',
    saved: '저장했습니다.',
    published: '발행했습니다. 이제 독자가 볼 수 있습니다.',
    updated: '업데이트했습니다. 이제 독자에게 새 글이 보입니다.',
    unpublished: '임시 글로 되돌렸습니다. 더 이상 독자에게 보이지 않습니다.',
    discarded: '변경 사항을 버렸습니다. 지금 보이는 글은 발행된 글입니다.',
    trashed: '글을 휴지통으로 옮겼습니다.',
    restored: '글을 복원했습니다.',
    shared: '미리보기 링크를 만들었습니다.',
    revoked: '미리보기 링크를 해제했습니다.',
    'role-changed': '역할을 변경했습니다.',
    'signed-out-everywhere': '이 계정의 모든 세션을 종료했습니다.',
    'account-deleted': '계정을 삭제했습니다.',
    'password-set': '비밀번호를 설정했습니다. 새 비밀번호로 로그인해 주세요.',
    'category-merged': '글을 모두 옮기고 이전 카테고리를 없앴습니다.',
  },
);
