/** The limit of the parser. */
const VALUES = 10_000;
const CHARACTERS = 200_000;

const filled = (unit: string): string => unit.repeat(Math.floor(CHARACTERS / unit.length));
const array = (member: string, count: number, last = member): string =>
  `[${`${member},`.repeat(count)}${last}]`;
/** Makes the parser scan what it has read. */
const ESCAPE = '"\\u0041"';

const LOGIN = { username: 'ada', password: 'a quiet green kettle' };
const POST = {
  title: 'Harbour notes',
  content: 'The tide came in at seven, and the "boats" went out.\n'.repeat(76),
  category_name: 'Sea',
  tags: ['harbour', 'tide'],
};

/** Realistic bodies, and those whose checks cost most compared with `JSON.parse`. */
export const BODIES: Readonly<Record<string, string>> = {
  'a login': JSON.stringify(LOGIN),
  'a post of 4 KB': JSON.stringify(POST),
  'a post of 200 KB': JSON.stringify({ ...POST, content: filled(POST.content) }),
  'a Korean post of 450 KB': JSON.stringify({ ...POST, content: filled('배가 나갔다. ') }),
  '200,000 line ends': JSON.stringify({ ...POST, content: filled('\n') }),
  '200,000 emoji as escapes': `{"title":"Long","content":"${'\\ud83d\\ude00'.repeat(CHARACTERS)}"}`,
  '10,000 zeros': array('0', VALUES - 2),
  '10,000 zeros and an escape': array('0', VALUES - 3, ESCAPE),
  '10,000 members': members(VALUES - 2, ''),
  '10,000 members and an escape': members(VALUES - 3, `,"last":${ESCAPE}`),
  '5,000 empty arrays and an escape': array('[]', VALUES / 2 - 2, ESCAPE),
  '5,000 objects and an escape': array('{"a":"b"}', VALUES / 2 - 2, ESCAPE),
  '10,000 escapes, each a value': array(ESCAPE, VALUES - 2),
};

function members(count: number, last: string): string {
  const all = Array.from({ length: count }, (_, i) => `"k${i.toString(36)}":0`);
  return `{${all.join(',')}${last}}`;
}
