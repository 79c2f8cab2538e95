import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const MAX_GZIPPED_BYTES = 150 * 1024;

const { editor } = JSON.parse(readFileSync('dist/studio/assets/manifest.json', 'utf8')) as {
  editor: { scripts: string[] };
};

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

describe('GET /studio/assets/:name', () => {
  it('weighs at most 150 KiB gzipped in all that the editor loads at first', () => {
    const sizes = editor.scripts.map(
      (name) => gzipSync(readFileSync(`dist/studio/assets/${name}`), { level: 9 }).length,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MAX_GZIPPED_BYTES);
  });

  it.each(['br', 'gzip', 'identity'])('answers a script as %s, to be kept for a year', async (encoding) => {
    const response = await fetch(`${inkwell.url}/studio/assets/${editor.scripts[0]!}`, {
      headers: { 'accept-encoding': encoding },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe(readFileSync(`dist/studio/assets/${editor.scripts[0]!}`, 'utf8'));
  });

  it.each(['manifest.json', 'editor-00000000.js', '..%2f..%2fmain.js'])('has no %s', async (name) => {
    expect((await fetch(`${inkwell.url}/studio/assets/${name}`)).status).toBe(404);
  });
});
