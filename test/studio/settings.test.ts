import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fieldErrorInKorean } from '../../src/studio/texts/field-errors.js';
import { promote } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser } from '../support/studio.js';

const PAGE = '/studio/settings';
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('a picture')]);

let inkwell: Inkwell;
let other: Inkwell;
let root: StudioBrowser;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const site = async (on = other) => (await api(on).get('/api/site')).body;

/** The fields of the form as a browser would send them back. */
async function filledIn(browser = root): Promise<Record<string, string>> {
  const { body } = await browser.get(PAGE);
  const form = body.slice(
    body.indexOf(`action="${PAGE}"`),
    body.indexOf('</form>', body.indexOf(`action="${PAGE}"`)),
  );
  const decode = (text: string): string =>
    text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1];
    if (name !== undefined && !/\sdisabled/.test(tag))
      fields[name] = decode(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [tag, name, text] of form.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>\n([^<]*)</g))
    if (!/<textarea[^>]*\sdisabled/.test(tag)) fields[name!] = decode(text!);
  for (const [, name, options] of form.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([^]*?)<\/select>/g))
    fields[name!] = /value="([^"]*)"\s+selected/.exec(options!)![1]!;
  return fields;
}

/** Sends a form with a file, as a browser does. */
async function upload(
  path: string,
  file: Blob | undefined,
  name = 'picture.png',
  more: Record<string, string> = {},
) {
  const body = new FormData();
  for (const [field, value] of Object.entries(more)) body.append(field, value);
  body.append(path.split('/').at(-1)!, file ?? new Blob([]), file === undefined ? '' : name);
  const headers = { origin: inkwell.url, cookie: root.cookie, accept: 'text/html' };
  const response = await fetch(inkwell.url + path, { method: 'POST', body, headers, redirect: 'manual' });
  return { status: response.status, location: response.headers.get('location'), body: await response.text() };
}

describe('GET /studio/settings', () => {
  it('shows every setting with its value, in the language of the visitor', async () => {
    const english = await root.get(PAGE);
    expect(english.status).toBe(200);
    expect(english.headers.get('cache-control')).toBe('no-store');
    expect(await filledIn()).toEqual({
      version: expect.stringMatching(/^"1-[\w-]{16}"$/),
      ...{ title: 'My blog', description: '', language: 'en', time_zone: 'UTC', posts_per_page: '10' },
      ...{ accent_color: '#1f5fae', navigation: '', footer: '', registration: 'open' },
    });
    expect((await root.get(PAGE, { 'accept-language': 'ko' })).body).toContain('페이지당 글 수');
  });

  it('is for administrators', async () => {
    const author = await signedIn(inkwell, 'writer');
    expect((await author.get(PAGE)).status).toBe(403);
    expect((await author.post(PAGE, { title: 'Mine' })).status).toBe(403);
    expect((await author.post(`${PAGE}/icon/remove`)).status).toBe(403);
    expect((await new StudioBrowser(inkwell).get(PAGE)).status).toBe(303);
    expect(await site()).toMatchObject({ title: 'My blog' });
  });
});

describe('POST /studio/settings', () => {
  it('changes what was changed in the form, and every replica shows it', async () => {
    await site();
    const { status, location } = await root.post(PAGE, {
      ...(await filledIn()),
      title: 'Tea & "coffee"',
      language: 'ko',
      time_zone: 'Asia/Seoul',
      posts_per_page: '7',
      navigation: '소개 | /blog/posts/about\r\n\r\nA | B | https://example.org/b\r\n',
      footer: 'One.\r\n\r\nTwo.',
    });
    expect([status, location]).toEqual([303, '/studio/settings?done=saved']);
    expect(await site()).toEqual({
      ...{
        title: 'Tea & "coffee"',
        description: '',
        language: 'ko',
        time_zone: 'Asia/Seoul',
        posts_per_page: 7,
      },
      accent_color: '#1f5fae',
      navigation: [
        { label: '소개', url: '/blog/posts/about' },
        { label: 'A | B', url: 'https://example.org/b' },
      ],
      footer: 'One.\n\nTwo.',
    });
  });

  it('changes nothing when the form comes back as it was', async () => {
    const before = await filledIn();
    expect((await root.post(PAGE, before)).status).toBe(303);
    expect(await filledIn()).toEqual(before);
  });

  it('shows the form again with what was typed, and the reasons', async () => {
    const before = await site();
    const { status, body } = await root.post(PAGE, {
      ...(await filledIn()),
      title: ' ',
      navigation: 'Bad <b> | javascript:alert(1)',
      posts_per_page: 'many',
    });
    expect(status).toBe(400);
    for (const name of ['title', 'navigation', 'posts_per_page'])
      expect(body).toContain(`id="${name}-error"`);
    expect(body).toContain('Bad &lt;b&gt; | javascript:alert(1)');
    expect(await site()).toEqual(before);
  });

  it('does not overwrite what somebody else changed meanwhile, unless it is sent again', async () => {
    const form = await filledIn();
    await root.post(PAGE, { ...form, title: 'First' });
    const refused = await root.post(PAGE, { ...form, title: 'Second' });
    expect(refused.status).toBe(412);
    expect(refused.body).toContain('value="Second"');
    expect(refused.body).toContain('in the meantime');
    expect(await site()).toMatchObject({ title: 'First' });
    const version = /name="version" value="([^"]+)"/.exec(refused.body)![1]!.replaceAll('&quot;', '"');
    expect((await root.post(PAGE, { ...form, title: 'Second', version })).status).toBe(303);
    expect(await site()).toMatchObject({ title: 'Second' });
  });

  it('opens and closes registration', async () => {
    await root.post(PAGE, { ...(await filledIn()), registration: 'closed' });
    expect((await api(other).post('/api/register', {})).body).toMatchObject({ code: 'registration.closed' });
    await root.post(PAGE, { ...(await filledIn()), registration: 'open' });
    expect((await api(other).post('/api/register', {})).body).toMatchObject({ code: 'request.invalid' });
  });

  it.each([{ icon: 'x.png' }, { is_only: 'false' }, { role: 'admin' }])(
    'refuses %j, which is no field',
    async (more) => {
      expect((await root.post(PAGE, { ...(await filledIn()), ...more })).status).toBe(400);
    },
  );

  it('refuses a form of another site', async () => {
    const origin = { origin: 'https://elsewhere.example' };
    expect((await root.post(PAGE, { title: 'Stolen' }, origin)).status).toBe(403);
    expect(await site()).not.toMatchObject({ title: 'Stolen' });
  });
});

describe('icon and logo', () => {
  it.each(['icon', 'logo'])('%s is uploaded and removed again', async (place) => {
    const { status, location } = await upload(`${PAGE}/${place}`, new Blob([PNG]));
    expect([status, location]).toEqual([303, '/studio/settings?done=saved']);
    const page = (await api(other).get<string>('/blog/')).body;
    const name = new RegExp(`/blog/assets/${place}-[0-9a-f]{16}\\.png`).exec(page)![0];
    const image = await fetch(other.url + name);
    expect(Buffer.from(await image.arrayBuffer()).equals(PNG)).toBe(true);
    expect((await root.get(PAGE)).body).toContain(name);
    expect((await root.post(`${PAGE}/${place}/remove`)).status).toBe(303);
    expect((await api(other).get<string>('/blog/')).body).not.toContain(name);
  });

  it('is refused with the form, if it is no image, too large, or no file was chosen', async () => {
    const svg = await upload(
      `${PAGE}/icon`,
      new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']),
      'x.png',
    );
    expect([svg.status, svg.body]).toEqual([422, expect.stringContaining('PNG, JPEG, WebP or ICO')]);
    const none = await upload(`${PAGE}/icon`, undefined);
    expect(fieldErrorInKorean('Choose a file first.')).toBe('먼저 파일을 선택해 주세요.');
    expect([none.status, none.body]).toEqual([400, expect.stringContaining('Choose a file first.')]);
    const large: Buffer = Buffer.alloc(256 * 1024 + 1);
    PNG.copy(large);
    expect((await upload(`${PAGE}/icon`, new Blob([large]))).status).toBe(413);
    expect((await upload(`${PAGE}/icon`, new Blob([Buffer.alloc(1024 * 1024)]))).status).toBe(413);
    expect((await api(other).get<string>('/blog/')).body).toContain('/blog/assets/icon.svg');
  });

  it('is refused with a clear answer if the form is malformed', async () => {
    const send = (body: string, type: string) =>
      root.post(`${PAGE}/icon`, {}, {}).then(() =>
        fetch(`${inkwell.url}${PAGE}/icon`, {
          method: 'POST',
          body,
          headers: { origin: inkwell.url, cookie: root.cookie, accept: 'text/html', 'content-type': type },
        }),
      );
    const type = 'multipart/form-data; boundary=x';
    const head = '--x\r\ncontent-disposition: form-data; name="icon"; filename="a.png"\r\n\r\n';
    for (const [body, contentType] of [
      ['nothing', type],
      [`${head}cut off`, type],
      ['--x--', 'multipart/form-data'],
      ['{}', 'application/json'],
      [
        Array.from(
          { length: 30 },
          (_, i) => `--x\r\ncontent-disposition: form-data; name="f${i}"\r\n\r\nv\r\n`,
        ).join('') + '--x--',
        type,
      ],
    ] as const) {
      const { status } = await send(body, contentType);
      expect([body.slice(0, 20), status]).toEqual([body.slice(0, 20), expect.any(Number)]);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });

  it('is the only form with a file: elsewhere they are answered with 415', async () => {
    for (const path of [PAGE, `${PAGE}/icon/remove`, '/studio/sign-in', '/api/login', '/blog/api/posts']) {
      const body = new FormData();
      body.append('file', new Blob([PNG]), 'x.png');
      const { token } = { token: '' };
      const headers = {
        origin: inkwell.url,
        cookie: root.cookie,
        ...(token === '' ? {} : { authorization: token }),
      };
      const { status } = await fetch(inkwell.url + path, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
      });
      expect([path, status]).toEqual([path, path === '/blog/api/posts' ? 401 : 415]);
    }
  });
});

describe('settings that the environment fixes', () => {
  it('say so, and cannot be changed', async () => {
    const fixed = await startInkwell(
      { SITE_TITLE: 'Fixed', REGISTRATION: 'closed' },
      { databaseUrl: inkwell.databaseUrl },
    );
    try {
      const browser = root.at(fixed);
      const { body } = await browser.get(PAGE);
      expect(body).toContain('The environment of the server fixes this (SITE_TITLE).');
      expect(body).toContain('The environment of the server fixes this (REGISTRATION).');
      const form = await filledIn(browser);
      expect(form).not.toHaveProperty('title');
      expect((await browser.post(PAGE, { ...form, footer: 'Changed.' })).status).toBe(303);
      expect(await site()).toMatchObject({ footer: 'Changed.' });
      const refused = await browser.post(PAGE, { ...(await filledIn(browser)), title: 'Other' });
      expect([refused.status, refused.body]).toEqual([409, expect.stringContaining('id="title-error"')]);
    } finally {
      await fixed.close();
    }
  });
});
