import 'fake-indexeddb/auto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { StudioApi } from '../../../src/studio/client/api.js';
import { systemClock } from '../../../src/studio/client/clock.js';
import { type Entry, entryOf, Journal, type Place } from '../../../src/studio/client/journal.js';
import { Session, type Status } from '../../../src/studio/client/session.js';
import { EMPTY_TEXT, type EditableText } from '../../../src/studio/client/text.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../../support/start-inkwell.js';
import { signedIn, type StudioBrowser } from '../../support/studio.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { editorOf } from '../editor-calls.js';

let inkwell: Inkwell;
let replica: Inkwell;
let ada: StudioBrowser;
let proxy: TcpProxy;
let journal: Journal;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  replica = await startInkwell(LONG_LEASE, { databaseUrl: inkwell.databaseUrl });
  ada = await signedIn(inkwell, 'ada');
  proxy = await TcpProxy.to(inkwell.url);
  journal = await Journal.open();
});
const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.end();
});
afterAll(async () => {
  journal.close();
  await proxy.close();
  await replica.close();
  await inkwell.close();
});

const { open: read, save } = editorOf(() => ({ ada: ada.at(replica) }));
const textOf = (title: string, content: string): EditableText => ({ ...EMPTY_TEXT, title, content });
const newPlace = (): Place => ({ account: '1', post: `new:${randomUUID()}` });

/** `fetch` as a page of that server calls it. @param after what the network does to an answer */
const fetchOf =
  (url: string, after: () => void = () => undefined): typeof fetch =>
  async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', ada.cookie);
    headers.set('origin', new URL(url).origin);
    const response = await fetch(new URL(input as string, url), { ...init, headers });
    after();
    return response;
  };

interface Tab {
  readonly session: Session;
  readonly statuses: Status[];
  /** Resolves with the first status of a kind from now on, or the present one. */
  until<K extends Status['kind']>(kind: K): Promise<Extract<Status, { kind: K }>>;
}

async function openTab(place: Place, fetch: typeof globalThis.fetch): Promise<Tab> {
  const fresh = entryOf(place, EMPTY_TEXT, null);
  const entry: Entry = (await journal.update(place, (known) => known ?? fresh))!;
  const statuses: Status[] = [];
  let wake = (): void => undefined;
  const session = new Session(
    place,
    entry,
    {
      ...{ api: new StudioApi(fetch), journal, clock: systemClock, locks: navigator.locks },
      ...{ random: () => 0, newKey: () => randomUUID() },
    },
    {
      textChanged: () => undefined,
      document: () => undefined,
      status: (status) => (statuses.push(status), wake()),
    },
  );
  sessions.push(session);
  const until: Tab['until'] = async (kind) => {
    for (;;) {
      const last = statuses.at(-1);
      if (last?.kind === kind) return last as never;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { session, statuses, until };
}

const idOf = async (place: Place): Promise<number> => (await journal.find(place))!.postId!;
const titles = async (): Promise<string> => (await ada.get('/studio/posts')).body;

describe('the editor and two replicas', () => {
  it('makes one post although the answer is lost, its tab dies, and another replica gets the repetition', async () => {
    const place = newPlace();
    const lost = await openTab(
      place,
      fetchOf(inkwell.url, () => {
        throw new TypeError('The connection was cut after the server had answered');
      }),
    );
    lost.session.type(textOf('Once only', 'one'));
    await lost.until('offline');
    lost.session.end();
    const next = await openTab(place, fetchOf(replica.url));
    next.session.type(textOf('Once only', 'one two'));
    await next.until('saved');
    expect((await titles()).match(/>\s*Once only\s*</g)).toHaveLength(1);
    expect((await read(await idOf(place))).document.text.content).toBe('one two');
    expect(next.statuses.map(({ kind }) => kind)).not.toContain('conflict');
  });

  it('keeps what is typed while the server cannot be reached, and saves it when it can', async () => {
    const place = newPlace();
    const tab = await openTab(place, fetchOf(proxy.through(inkwell.url)));
    tab.session.type(textOf('Offline', 'one'));
    await tab.until('saved');
    proxy.set('refuse');
    tab.session.type(textOf('Offline', 'one two'));
    await tab.until('offline');
    tab.session.type(textOf('Offline', 'one two three'));
    await tab.session.flush();
    expect((await journal.find(place))?.text.content).toBe('one two three');
    proxy.set('pass');
    tab.session.resume();
    await tab.until('saved');
    expect((await read(await idOf(place))).document.text.content).toBe('one two three');
  });

  it('overwrites nothing that was saved at another replica', async () => {
    const place = newPlace();
    const tab = await openTab(place, fetchOf(inkwell.url));
    tab.session.type(textOf('Shared', 'mine'));
    await tab.until('saved');
    const id = await idOf(place);
    const { etag } = await read(id);
    expect((await save(id, { title: 'Shared', content: 'theirs' }, etag)).status).toBe(200);
    tab.session.type(textOf('Shared', 'mine too'));
    const { conflict } = await tab.until('conflict');
    expect((await read(id)).document.text.content).toBe('theirs');
    expect(conflict.theirs.content).toBe('theirs');
    await tab.session.resolve(conflict, textOf('Shared', 'theirs, mine too'));
    await tab.until('saved');
    expect((await read(id)).document.text.content).toBe('theirs, mine too');
  });
});
