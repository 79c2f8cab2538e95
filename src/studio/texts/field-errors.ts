/** Korean for what the validation says about a field, by the pattern of the English text. The first that matches counts. */
const KOREAN: readonly (readonly [RegExp, string])[] = [
  [/^must not be empty$/, '비워 둘 수 없습니다.'],
  [/^must have at most ([\d,]+) characters$/, '$1자를 넘을 수 없습니다.'],
  [/^must have at least ([\d,]+) characters$/, '$1자 이상이어야 합니다.'],
  [/^must be one line/, '한 줄로 입력해 주세요.'],
  [/^must be a colour/, '#rrggbb 형식의 색상을 입력해 주세요.'],
  [
    /^must be lower-case letters/,
    '영문 소문자, 숫자, 하이픈만 사용할 수 있으며 숫자만으로는 만들 수 없습니다.',
  ],
  [/^must be an e-mail address$/, '이메일 주소를 입력해 주세요.'],
  [/^must be an http or https URL$/, 'http 또는 https 주소를 입력해 주세요.'],
  [/^must be an https URL$/, 'https 주소를 입력해 주세요.'],
  [/^must be an address of the public Internet$/, '공개된 인터넷 주소를 입력해 주세요.'],
  [/^must have neither credentials nor a fragment$/, '주소에 로그인 정보나 # 이하 부분을 넣을 수 없습니다.'],
  [/^must be a path/, '올바른 경로를 입력해 주세요.'],
  [/^must begin with https:/, 'https://, http:// 또는 /로 시작해야 합니다.'],
  [/^must be the IANA name/, 'Asia/Seoul과 같은 IANA 시간대 이름을 입력해 주세요.'],
  [
    /^must be 3–30 characters/,
    '영문 소문자로 시작하고 영문 소문자, 숫자, _, -로 이루어진 3~30자여야 합니다.',
  ],
  [/^is reserved$/, '사용할 수 없는 이름입니다.'],
  [/^is fixed by the environment$/, '서버 환경에서 정한 값이라 바꿀 수 없습니다.'],
  [/^Choose a file first\.$/, '먼저 파일을 선택해 주세요.'],
  [/^is wrong$/, '올바르지 않습니다.'],
  [/^is needed/, '현재 비밀번호를 입력해 주세요.'],
  [/^is one of the commonest passwords/, '너무 흔한 비밀번호이거나 그와 비슷합니다.'],
  [/^is your own name/, '이름이나 이메일 주소와 같거나 비슷합니다.'],
  [/^is too easy to guess$/, '추측하기 너무 쉽습니다.'],
  [/^is a (?:sequence|row of keys)/, '연속된 문자나 키보드 배열이라 추측하기 쉽습니다.'],
  [/^Another category has this name\.$/, '같은 이름의 카테고리가 이미 있습니다.'],
  [/^There is no category with this id\.$/, '이 카테고리는 없습니다.'],
];

const ANY = '이 값은 사용할 수 없습니다.';

/** Error messages of fields, in Korean. */
export function fieldErrorInKorean(detail: string): string {
  for (const [pattern, korean] of KOREAN) {
    const match = pattern.exec(detail);
    if (match !== null) return korean.replace('$1', match[1] ?? '');
  }
  return ANY;
}
