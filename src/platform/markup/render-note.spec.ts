import { describe, expect, it } from '@jest/globals';
import { renderNote } from './render-note.js';

describe('renderNote', () => {
  it('renders paragraphs, emphasis and links', () => {
    expect(renderNote('By *Ada*, [about](/about).')).toBe(
      '<p>By <em>Ada</em>, <a href="/about">about</a>.</p>\n',
    );
  });

  it('sanitises', () => {
    expect(renderNote('x <script>alert(1)</script><b style="color:red" onclick="x()">x</b>')).toBe(
      '<p>x <b>x</b></p>\n',
    );
  });

  it('does not let a text grow', () => {
    const table = `|${'a|'.repeat(150)}\n|${'-|'.repeat(150)}\n${'|\n'.repeat(150)}`;
    expect(renderNote(table).length).toBeLessThan(2 * table.length);
    const links = `[a]: /${'x'.repeat(400)}\n\n${'[a]'.repeat(150)}`;
    expect(renderNote(links).length).toBeLessThan(2 * links.length);
  });
});
