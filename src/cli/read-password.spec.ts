import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readPassword } from './read-password.js';

/** A terminal, and what it shows. */
function terminal(typed: string): {
  read: () => Promise<string>;
  shown: () => Promise<string>;
  modes: boolean[];
} {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => modes.push(raw),
  });
  const output = new PassThrough();
  input.write(typed);
  return {
    read: () => readPassword(input, output),
    shown: () => {
      output.end();
      return text(output);
    },
    modes,
  };
}

describe('readPassword at a terminal', () => {
  it('asks twice and shows nothing of what is typed, which can be corrected', async () => {
    const { read, shown, modes } = terminal('a quiet grene\x7f\x7fen kettle\ra quiet green kettle\r');
    expect(await read()).toBe('a quiet green kettle');
    expect(await shown()).toBe('Password: \nOnce more: \n');
    // Otherwise the terminal would show what is typed.
    expect(modes).toEqual([true, false]);
  });

  it('refuses two that differ', async () => {
    await expect(terminal('a quiet kettle\ra quite kettle\r').read()).rejects.toThrow(
      'The two passwords differ',
    );
  });

  it.each([
    ['Ctrl-C', 'half\x03'],
    ['Ctrl-D', '\x04'],
  ])('gives up at %s, and leaves the terminal as it was', async (_, keys) => {
    const { read, modes } = terminal(keys);
    await expect(read()).rejects.toThrow('No password was given');
    expect(modes.at(-1)).toBe(false);
  });
});

describe('readPassword of anything else', () => {
  it.each([
    ['as it is', ' a quiet kettle ', ' a quiet kettle '],
    ['without the end of its line', 'a quiet kettle\r\n', 'a quiet kettle'],
  ])('takes all of it %s', async (_, given, password) => {
    const output = new PassThrough();
    expect(await readPassword(new PassThrough().end(given), output)).toBe(password);
    expect(output.read()).toBeNull();
  });

  it.each([
    ['nothing but a line', '\n', 'There is no password on standard input'],
    ['two lines', 'a quiet kettle\nanother\n', 'Standard input must contain the password only'],
    ['what is not UTF-8', Buffer.from([0xff, 0x61]), 'is not UTF-8 text'],
    ['a NUL', 'a quiet\0kettle', 'is not UTF-8 text'],
  ])('refuses %s', async (_, given, reason) => {
    await expect(readPassword(new PassThrough().end(given), new PassThrough())).rejects.toThrow(reason);
  });
});
