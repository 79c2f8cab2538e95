/** The parts of synthetic posts, in the two languages of their authors. */
export interface Vocabulary {
  readonly topics: readonly string[];
  readonly titles: readonly ((topic: string) => string)[];
  readonly headings: readonly string[];
  readonly sentences: readonly ((topic: string) => string)[];
}

export const ENGLISH: Vocabulary = {
  topics: [
    ...['connection pools', 'sourdough', 'a night train to Busan', 'the index nobody used', 'film cameras'],
    ...['garbage collection', 'my grandmother’s garden', 'queues', 'mountain huts', 'backups', 'old maps'],
    ...[
      'schema migrations',
      'kimchi',
      'cold brew',
      'rate limits',
      'tide pools',
      'bicycle wheels',
      'time zones',
    ],
    ...['small libraries', 'code review', 'a broken boiler', 'night markets', 'typography', 'fountain pens'],
  ],
  titles: [
    (topic) => `What I learned about ${topic}`,
    (topic) => `A week with ${topic}`,
    (topic) => `Why ${topic} still matters`,
    (topic) => `Notes on ${topic}`,
    (topic) => `The trouble with ${topic}`,
    (topic) => `${topic.charAt(0).toUpperCase()}${topic.slice(1)}, one year later`,
  ],
  headings: [
    'How it began',
    'What went wrong',
    'The numbers',
    'A better way',
    'What I would do again',
    'Loose ends',
  ],
  sentences: [
    (topic) => `For most of last winter I thought about little else than ${topic}.`,
    () =>
      'The first attempt failed in a way that was almost funny: everything worked, only nobody could tell.',
    () => 'We measured it three times, on three different days, and got three different answers.',
    (topic) =>
      `Most of what is written about ${topic} repeats what somebody else wrote, and leaves out the dull part.`,
    () => 'The dull part is where the time goes.',
    () =>
      'I kept a notebook, one line a day, and it turned out to be the only thing I could trust afterwards.',
    () => 'A friend looked at it for ten minutes and asked the one question I had avoided.',
    () => 'It is slower than it looks, and that is fine, because it happens once a month.',
    () => 'In the end the change was four lines long, and two of them were comments.',
    (topic) =>
      `If you take one thing from this, let it be that ${topic} rewards patience and punishes haste.`,
    () => 'There is a photograph of that evening, badly lit, and I would not trade it for a better one.',
    () => 'Nothing here is new; it is only written down in one place.',
  ],
};

export const KOREAN: Vocabulary = {
  topics: [
    ...[
      '커넥션 풀',
      '사워도우',
      '부산행 야간열차',
      '아무도 쓰지 않은 인덱스',
      '필름 카메라',
      '가비지 컬렉션',
    ],
    ...[
      '할머니의 텃밭',
      '메시지 큐',
      '산장',
      '백업',
      '옛 지도',
      '스키마 마이그레이션',
      '김치',
      '시간대',
      '야시장',
    ],
  ],
  titles: [
    (topic) => `${topic} 이야기`,
    (topic) => `${topic}에 대해 배운 것들`,
    (topic) => `${topic}와 보낸 일주일`,
    (topic) => `다시 생각해 보는 ${topic}`,
  ],
  headings: ['시작', '무엇이 잘못되었나', '숫자로 보기', '더 나은 방법', '남은 이야기'],
  sentences: [
    (topic) => `지난겨울 내내 ${topic}만 생각하며 지냈다.`,
    () => '첫 시도는 우스울 정도로 실패했다. 모든 것이 잘 돌아갔지만 아무도 그것을 알 수 없었다.',
    () => '사흘에 걸쳐 세 번 측정했고, 세 번 모두 다른 답이 나왔다.',
    (topic) => `${topic}에 관한 글은 대부분 남의 글을 되풀이하고, 지루한 부분은 빼놓는다.`,
    () => '시간이 걸리는 곳은 바로 그 지루한 부분이다.',
    () => '하루에 한 줄씩 공책에 적었는데, 나중에 믿을 수 있는 것은 그것뿐이었다.',
    () => '친구가 십 분쯤 들여다보더니 내가 피해 온 바로 그 질문을 던졌다.',
    () => '결국 고친 것은 네 줄이었고, 그 가운데 두 줄은 주석이었다.',
    (topic) => `하나만 기억한다면, ${topic}에는 서두름보다 끈기가 필요하다는 것이다.`,
  ],
};

export const CATEGORIES = [
  'Engineering',
  'Travel',
  'Food',
  'Books',
  'Photography',
  'Life',
  'Databases',
  '일상',
  '여행',
  '개발',
];

export const TAGS = [
  ...[
    'postgresql',
    'node.js',
    'typescript',
    'redis',
    'testing',
    'performance',
    'korea',
    'busan',
    'recipes',
    'bread',
  ],
  ...[
    'film',
    'cycling',
    'hiking',
    'writing',
    'tools',
    'c++',
    'design',
    '한국어',
    '서울',
    '커피',
    '독서',
    'history',
  ],
];

export const FIRST_NAMES = [
  ...[
    'Mina',
    'Jun',
    'Ada',
    'Felix',
    'Zoë',
    'Omar',
    'Ines',
    'Tomas',
    'Yuna',
    'Noah',
    'Lea',
    'Ravi',
    'Sora',
    'Emil',
  ],
];
export const LAST_NAMES = [
  'Park',
  'Kim',
  'Berg',
  'Okafor',
  'Silva',
  'Lee',
  'Novak',
  'Rossi',
  'Choi',
  'Meyer',
  'Iyer',
];
