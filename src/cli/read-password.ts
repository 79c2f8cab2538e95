import { isUtf8 } from 'node:buffer';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** Standard input, or a test's replacement. */
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Prompts at a terminal without echo; otherwise reads the whole input as the password.
 * @throws an error for the user
 */
export const readPassword = (input: Input, terminal: NodeJS.WritableStream): Promise<string> =>
  input.isTTY === true ? ask(input, terminal) : all(input);

async function ask(input: Input, terminal: NodeJS.WritableStream): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Readline echoes the input itself, so its output is discarded.
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const typed = lines[Symbol.asyncIterator]();
  const line = async (prompt: string): Promise<string> => {
    terminal.write(prompt);
    const { value, done } = await typed.next();
    terminal.write('\n');
    // Ctrl-C or Ctrl-D.
    if (done === true) throw new Error('No password was given');
    return value;
  };
  try {
    const password = await line('Password: ');
    if ((await line('Once more: ')) !== password) throw new Error('The two passwords differ');
    return password;
  } finally {
    lines.close();
  }
}

async function all(input: Input): Promise<string> {
  const bytes = await buffer(input);
  // No request could send such a password.
  if (!isUtf8(bytes) || bytes.includes(0))
    throw new Error('The password on standard input is not UTF-8 text');
  const password = bytes.toString().replace(/\r?\n$/, '');
  if (password === '') throw new Error('There is no password on standard input');
  if (/[\r\n]/.test(password))
    throw new Error('Standard input must contain the password only, but has more than one line');
  return password;
}
