import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser } from '../support/studio.js';
import { written } from '../blog/posts.js';

let inkwell: Inkwell;
let other: Inkwell;
let root: StudioBrowser;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const PAGE = '/studio/categories';
const category = async (name: string, more: object = {}) =>
  (await written(inkwell, ada, { category_name: name, ...more })).category;
const names = async (): Promise<string[]> =>
  (await api(other).get<{ name: string }[]>('/blog/api/categories')).body.map(({ name }) => name);

describe('GET /studio/categories', () => {
  it('lists all of them, also those that contain only drafts', async () => {
    await category('Ready');
    await category('In the works <b>', { status: 'draft' });
    const { status, body } = await root.get(PAGE);
    expect(status).toBe(200);
    for (const name of ['General', 'Ready', 'In the works &lt;b&gt;']) expect(body).toContain(name);
    expect((await root.get(PAGE, { 'accept-language': 'ko' })).body).toContain('카테고리');
  });

  it('is searched, and read page by page', async () => {
    await query(
      inkwell,
      `INSERT INTO categories (name, slug, color) SELECT 'Shelf ' || lpad(n::text, 3, '0'), 'shelf-' || n, '#123456' FROM generate_series(1, 120) AS n`,
    );
    const first = await root.get(`${PAGE}?q=SHELF`);
    expect(first.body).toContain('Shelf 100');
    expect(first.body).not.toMatch(/Shelf 101|General/);
    const second = await root.get(`${PAGE}?q=SHELF&page=2`);
    expect(second.body).toContain('Shelf 120');
    expect(second.body).not.toContain('Shelf 100');
    expect((await root.get(`${PAGE}?page=x&q=%25`)).status).toBe(200);
    await query(inkwell, `DELETE FROM categories WHERE name LIKE 'Shelf %'`);
  });

  it('is for administrators', async () => {
    const author = await signedIn(inkwell, 'writer');
    for (const path of [PAGE, `${PAGE}/1`]) {
      expect((await author.get(path)).status).toBe(403);
      expect((await new StudioBrowser(inkwell).get(path)).status).toBe(303);
    }
  });

  it.each([
    ['/999999', 404],
    ['/x', 400],
    ['/-1', 400],
    ['/99999999999', 400],
  ])('says clearly that %s is none', async (path, expected) => {
    const { status, headers, body } = await root.get(PAGE + path);
    expect([status, headers.get('content-type')]).toEqual([expected, 'text/html; charset=utf-8']);
    expect(body).toContain('role="alert"');
  });
});

describe('the form of a category', () => {
  it('renames and recolours it, and says so', async () => {
    const { id } = await category('Tee');
    const page = await root.get(`${PAGE}/${id}`);
    expect(page.body).toContain('value="Tee"');
    const { status, location } = await root.post(`${PAGE}/${id}`, { name: 'Tea', color: '#AA5500' });
    expect([status, location]).toEqual([303, `${PAGE}/${id}?done=saved`]);
    const after = await root.get(location!);
    expect(after.body).toContain('Saved.');
    expect(after.body).toContain('value="#aa5500"');
    expect(await names()).toContain('Tea');
    expect(await names()).not.toContain('Tee');
  });

  it('keeps what was typed when it is refused, and changes nothing', async () => {
    const { id } = await category('Coffee');
    const refusals = async () => {
      const taken = await root.post(`${PAGE}/${id}`, { name: 'general', color: '#112233' });
      expect([taken.status, taken.body]).toEqual([409, expect.stringContaining('value="general"')]);
      expect(taken.body).toContain('Another category has this name.');
      const red = await root.post(`${PAGE}/${id}`, { name: 'Red', color: 'red' });
      expect([red.status, red.body]).toEqual([400, expect.stringContaining('value="Red"')]);
      const more = await root.post(`${PAGE}/${id}`, { name: 'Red', id: '1', slug: 'mine' });
      expect(more.status).toBe(400);
      const long = await root.post(`${PAGE}/${id}`, { name: 'x'.repeat(51) });
      expect(long.status).toBe(400);
      const none = await root.post(`${PAGE}/999999`, { name: 'Nobody' });
      expect(none.status).toBe(404);
      const foreign = await root.post(`${PAGE}/${id}`, { name: 'Evil' }, { origin: 'https://evil.example' });
      expect(foreign.status).toBe(403);
    };
    expect(await outboxOf(inkwell, refusals)).toEqual([]);
  });

  it('merges it into another one', async () => {
    const [from, into] = [await category('Soups'), await category('Stews')];
    expect((await root.get(`${PAGE}/${from.id}`)).body).toContain(`<option value="${into.id}"`);
    const merged = await root.post(`${PAGE}/${from.id}/merge`, { into: String(into.id) });
    expect([merged.status, merged.location]).toEqual([303, `${PAGE}/${into.id}?done=category-merged`]);
    expect((await root.get(merged.location!)).body).toContain('the other category is gone');
    expect(await names()).not.toContain('Soups');
    expect((await root.get(`${PAGE}/${from.id}`)).status).toBe(404);
  });

  it('never merges General away, nor into what is none', async () => {
    const { id } = await category('Breads');
    expect((await root.get(`${PAGE}/1`)).body).toContain('This category always exists');
    const refusals = async () => {
      expect((await root.post(`${PAGE}/1/merge`, { into: String(id) })).status).toBe(409);
      expect((await root.post(`${PAGE}/${id}/merge`, { into: String(id) })).status).toBe(422);
      expect((await root.post(`${PAGE}/${id}/merge`, { into: 'x' })).status).toBe(400);
      expect((await root.post(`${PAGE}/${id}/merge`)).status).toBe(400);
    };
    expect(await outboxOf(inkwell, refusals)).toEqual([]);
  });
});
