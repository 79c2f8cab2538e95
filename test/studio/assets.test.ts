import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ASSETS, scriptOf } from '../../src/studio/assets/studio-assets.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

/** The maximum size of the scripts of the editor page, in KiB, gzipped. */
const BUDGET_KIB = 150;

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

const file = (name: string): Buffer => readFileSync(new URL(name, ASSETS));

describe('the scripts of the Studio', () => {
  it('weigh little: everything that the editor page loads at first, gzipped', () => {
    const manifest = JSON.parse(file('manifest.json').toString()) as Record<string, { scripts: string[] }>;
    const loaded = [...new Set([...manifest['editor']!.scripts, ...manifest['sign-out']!.scripts])];
    const bytes = loaded.map((name) => gzipSync(file(name)).length).reduce((sum, length) => sum + length);
    expect(bytes / 1024).toBeGreaterThan(50);
    expect(bytes / 1024).toBeLessThan(BUDGET_KIB);
    // The merge view is loaded when there is something to merge.
    const all = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));
    expect(all.length).toBeGreaterThan(loaded.length);
  });

  it.each(['gzip', 'br', 'identity'])('can be kept for ever, as %s', async (encoding) => {
    const url = inkwell.url + scriptOf('editor');
    const response = await fetch(url, { headers: { 'accept-encoding': encoding } });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('content-encoding') ?? 'identity').toBe(encoding);
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    const name = scriptOf('editor').split('/').at(-1)!;
    expect(await response.text()).toBe(file(name).toString());
    expect(gunzipSync(file(`${name}.gz`)).toString()).toBe(file(name).toString());
  });

  it.each(['nothing.js', 'manifest.json', '..%2f..%2fmain.js', '%2e%2e/main.js', 'x'.repeat(300)])(
    'are the only thing there: %s is not found',
    async (name) => {
      expect((await fetch(`${inkwell.url}/studio/assets/${name}`)).status).toBe(404);
    },
  );
});
