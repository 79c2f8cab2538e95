const [ZERO, NINE] = ['0'.charCodeAt(0), '9'.charCodeAt(0)];

/** A register's mark as a body shows it: `Zk<id>v<version>z`. */
export interface Mark {
  readonly id: number;
  readonly version: number;
}

/** All marks in a body, one per occurrence. */
export function marksIn(body: Buffer): Mark[] {
  const marks: Mark[] = [];
  for (let at = body.indexOf('Zk'); at >= 0; at = body.indexOf('Zk', at + 2)) {
    const [id, afterId] = numberAt(body, at + 2);
    if (body[afterId] !== 0x76 /* v */) continue;
    const [version, end] = numberAt(body, afterId + 1);
    // A truncated mark, as in an excerpt, has no meaning.
    if (body[end] === 0x7a /* z */) marks.push({ id, version });
  }
  return marks;
}

function numberAt(body: Buffer, from: number): [value: number, end: number] {
  let [value, at] = [0, from];
  for (; body[at]! >= ZERO && body[at]! <= NINE; at += 1) value = value * 10 + body[at]! - ZERO;
  return [value, at];
}
