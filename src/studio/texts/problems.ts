import type { ProblemCode } from '../../platform/errors/problem-types.js';

/** Korean for the problems that people meet in the Studio. In English, the problem's own text is shown. */
export const PROBLEMS_IN_KOREAN: Partial<Record<ProblemCode, string>> = {
  'auth.forbidden': '이 작업을 할 권한이 없습니다.',
  'auth.invalid_credentials': '사용자 이름 또는 비밀번호가 올바르지 않습니다.',
  'auth.required': '먼저 로그인해 주세요.',
  'cache.no_cached_route': '이 경로에는 캐시되는 페이지가 없습니다.',
  'category.always_exists': '기본 카테고리는 다른 카테고리와 합칠 수 없습니다.',
  'category.name_taken': '같은 이름의 카테고리가 이미 있습니다. 두 카테고리를 합칠 수 있습니다.',
  'category.not_found': '이 카테고리는 없습니다.',
  'category.unknown': '이 카테고리는 없습니다.',
  'post.not_found': '이 글은 없거나 볼 수 없는 글입니다.',
  'user.last_administrator': '마지막 관리자입니다. 먼저 다른 사용자를 관리자로 지정해 주세요.',
  'user.not_found': '이 사용자는 없습니다.',
  'user.reset_link_invalid':
    '더 이상 사용할 수 없는 링크입니다. 링크는 24시간 안에 한 번만 사용할 수 있습니다. 관리자에게 새 링크를 요청해 주세요.',
  'user.wrong_password': '현재 비밀번호가 올바르지 않습니다.',
  'request.rate_limited': '요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.',
  'request.cross_site': '다른 사이트에서 보낸 요청이라 처리하지 않았습니다.',
  'request.invalid': '입력한 내용이 올바르지 않습니다.',
  'request.too_large': '보낸 내용이 너무 큽니다.',
  'route.not_found': '이 주소에는 페이지가 없습니다.',
  'service.unavailable': '지금은 서비스를 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
  'server.error': '문제가 발생했습니다. 다시 시도해 주세요.',
};
