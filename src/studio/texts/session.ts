import { bilingual } from './bilingual.js';

export const sessionTexts = bilingual(
  {
    title: 'Sign in',
    lead: 'Write, publish and run the blog.',
    invalid: 'The user name or the password is wrong.',
  },
  {
    title: '로그인',
    lead: '글을 쓰고, 발행하고, 블로그를 관리합니다.',
    invalid: '사용자 이름 또는 비밀번호가 올바르지 않습니다.',
  },
);
