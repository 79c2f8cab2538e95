/** The parts of an answer that the checker reads. */
export interface Answer {
  readonly status: number;
  /** Header lines as received. */
  readonly head: string;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** @param name in lower case, as Inkwell writes its own headers */
export function headerOf({ head }: Answer, name: string): string | undefined {
  const at = head.indexOf(`\r\n${name}: `);
  if (at < 0) return undefined;
  const begin = at + name.length + 4;
  const end = head.indexOf('\r\n', begin);
  return head.slice(begin, end < 0 ? undefined : end);
}

/** Reads HTTP/1.1 answers with a Content-Length, one after the other. It is fast, because it must not limit a run. */
export class AnswerParser {
  private rest: Buffer = NOTHING;

  /**
   * @returns a complete answer, once there is one
   * @throws on anything it does not understand
   */
  push(chunk: Buffer): Answer | undefined {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const headEnd = this.rest.indexOf(HEAD_END);
    if (headEnd < 0) return undefined;
    const head = this.rest.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const bodyEnd = headEnd + 4 + lengthOf(status, head);
    if (this.rest.length < bodyEnd) return undefined;
    const body = this.rest.subarray(headEnd + 4, bodyEnd);
    this.rest = this.rest.length === bodyEnd ? NOTHING : this.rest.subarray(bodyEnd);
    return { status, head, body };
  }
}

function lengthOf(status: number, head: string): number {
  if (status === 204 || status === 304) return 0;
  const [, digits] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  if (digits === undefined) throw new Error(`An answer without a Content-Length: ${head}`);
  return Number(digits);
}
