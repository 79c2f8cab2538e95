import { bilingual } from './bilingual.js';

export const setupTexts = bilingual(
  {
    title: 'Set up your blog',
    lead: 'You become its administrator. Everything here can be changed later.',
    blogTitle: 'Name of the blog',
    blogLanguage: 'Language of the blog',
    usernameHint: 'Part of your addresses, and never changes: a–z, 0–9, - and _.',
    passwordHint: 'At least 8 characters, and not easy to guess.',
    email: 'E-mail',
    emailHint: 'Optional. Only you and administrators see it.',
    code: 'Setup code',
    codeHint: 'SETUP_TOKEN of the server, or the end of the link that it logged at its start.',
    start: 'Start writing',
    howToGetIn:
      'This blog has no administrator yet. Open the setup link that the server printed when it started: the line “Setup”.',
    setUp: 'Set up the blog',
  },
  {
    title: '블로그 시작하기',
    lead: '이 블로그의 관리자가 됩니다. 여기에서 정한 내용은 나중에 모두 바꿀 수 있습니다.',
    blogTitle: '블로그 이름',
    blogLanguage: '블로그 언어',
    usernameHint: '주소에 쓰이며 바꿀 수 없습니다. 영문 소문자, 숫자, -, _를 쓸 수 있습니다.',
    passwordHint: '8자 이상이어야 하며, 쉽게 추측할 수 없어야 합니다.',
    email: '이메일',
    emailHint: '선택 사항입니다. 본인과 관리자에게만 보입니다.',
    code: '설정 코드',
    codeHint: '서버의 SETUP_TOKEN 값이나, 서버가 시작할 때 로그에 남긴 링크의 끝부분입니다.',
    start: '글쓰기 시작',
    howToGetIn:
      '이 블로그에는 아직 관리자가 없습니다. 서버가 시작할 때 출력한 설정 링크(“Setup” 줄)를 열어 주세요.',
    setUp: '블로그 시작하기',
  },
);
