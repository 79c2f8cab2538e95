import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { newPlace, type Tab, textOf, World } from './client-world.js';
import { entryOf } from './journal.js';
import { openEntry } from './opening.js';
import type { Status } from './session.js';
import { EMPTY_TEXT } from './text.js';

let world: World;
beforeEach(async () => {
  world = await World.begin();
});
afterEach(() => world.end());

const contentOf = (id: number): string | undefined => world.server.posts.get(id)?.text.content;
const kindsOf = (...tabs: Tab[]): string[] => tabs.map(({ status }) => status.kind);

describe('an editing session', () => {
  it('makes the post once, a second after the last keystroke, and then says that it is saved', async () => {
    const tab = await world.open();
    tab.write('one');
    await world.clock.pass(900);
    expect(tab.status.kind).toBe('kept');
    expect(world.server.requests).toEqual([]);
    await world.clock.pass(300);
    expect(tab.status.kind).toBe('saved');
    expect(contentOf(1)).toBe('one ');
  });

  it('repeats a save whose answer was lost with the same key, which makes neither a second post nor a conflict', async () => {
    const tab = await world.open();
    world.server.faults = ['lost answer', 'lost answer'];
    tab.write('one');
    await world.clock.pass(1_200);
    expect(tab.status.kind).toBe('offline');
    await world.clock.pass(5_000);
    expect([tab.status.kind, tab.conflicts.length, world.server.posts.size]).toEqual(['saved', 0, 1]);
    expect(new Set(world.server.requests).size).toBe(1);
  });

  it('asks to sign in after a 401, and goes on with what was typed', async () => {
    const tab = await world.open();
    world.server.faults = ['signed out'];
    tab.write('one');
    await world.clock.pass(2_000);
    expect(tab.status.kind).toBe('signed-out');
    tab.write('two');
    world.server.isSignedIn = true;
    await world.clock.pass(100);
    tab.session.resume();
    await world.clock.pass(3_000);
    expect(tab.status.kind).toBe('saved');
    expect(contentOf(1)).toBe('one two ');
  });

  it('meets the save of somebody else with a conflict that overwrites nothing, and keeps both versions', async () => {
    const tab = await world.open();
    tab.write('one');
    await world.clock.pass(2_000);
    world.server.write(1, textOf('theirs '));
    tab.write('two');
    await world.clock.pass(2_000);
    expect(tab.status.kind).toBe('conflict');
    expect(contentOf(1)).toBe('theirs ');
    const { conflict } = tab.status as Extract<Status, { kind: 'conflict' }>;
    const resolved = tab.session.resolve(conflict, textOf('theirs one two '));
    await world.clock.pass(3_000);
    await resolved;
    expect(tab.status.kind).toBe('saved');
    expect(contentOf(1)).toBe('theirs one two ');
    const earlier = (await tab.session.earlier()).map(({ text }) => text.content);
    expect(earlier).toEqual(['one two ', 'theirs ']);
  });

  it('goes on from the journal after the browser was killed', async () => {
    const place = newPlace();
    const tab = await world.open(place);
    tab.write('one');
    await world.clock.pass(100);
    tab.session.end();
    const next = await world.open(place);
    expect(next.session.current.content).toBe('one ');
    await world.clock.pass(3_000);
    expect(contentOf(1)).toBe('one ');
  });

  it('offers what an earlier visit left to its own account only', async () => {
    const place = newPlace();
    await world.journal.type(place, entryOf(place, EMPTY_TEXT, null), textOf('secret'), 1);
    const offered: string[] = [];
    const openAs = (account: string) =>
      openEntry({
        ...{
          journal: world.journal,
          locks: navigator.locks,
          account,
          server: null,
          now: () => 1,
          newId: randomUUID,
        },
        offer: async (entry) => (offered.push(entry.text.content), false),
      });
    await openAs('8');
    expect(offered).toEqual([]);
    await openAs('7');
    expect(offered).toEqual(['secret']);
  });

  it('repeats the creation with its key after a kill while its answer was lost, which makes one post', async () => {
    const place = newPlace();
    const tab = await world.open(place);
    world.server.faults = ['lost answer'];
    tab.write('one');
    await world.clock.pass(1_200);
    tab.session.end();
    const next = await world.open(place);
    next.write('two');
    await world.clock.pass(5_000);
    expect([next.status.kind, next.conflicts, world.server.posts.size]).toEqual(['saved', [], 1]);
    expect(contentOf(1)).toBe('one two ');
  });

  it('takes its own save, which the server has tidied and whose key it has forgotten, for no conflict', async () => {
    const tab = await world.open();
    tab.write('one');
    await world.clock.pass(2_000);
    world.server.faults = ['lost answer'];
    tab.write('two');
    await world.clock.pass(1_200);
    world.server.forgetAnswers();
    await world.clock.pass(5_000);
    expect([tab.status.kind, tab.conflicts, contentOf(1)]).toEqual(['saved', [], 'one two ']);
  });

  it('sends one save at a time, however slow the server is, and what was typed meanwhile with the next', async () => {
    const tab = await world.open();
    world.server.faults = ['slow'];
    tab.write('one');
    await world.clock.pass(1_500);
    tab.write('two');
    await world.clock.pass(3_000);
    expect([tab.status.kind, world.server.requests.length]).toEqual(['saving', 1]);
    await world.clock.pass(5_000);
    expect([tab.status.kind, world.server.requests.length]).toEqual(['saved', 2]);
    expect(contentOf(1)).toBe('one two ');
  });

  it('repeats a save that the server is still busy with', async () => {
    const tab = await world.open();
    world.server.faults = ['in flight', 'in flight'];
    tab.write('one');
    await world.clock.pass(4_000);
    expect([tab.status.kind, tab.conflicts]).toEqual(['saved', []]);
  });

  it('waits as long as a busy server asks for', async () => {
    const tab = await world.open();
    world.server.faults = ['busy'];
    tab.write('one');
    await world.clock.pass(1_900);
    expect(tab.status).toEqual({ kind: 'offline', isBusy: true });
    expect(world.server.requests).toEqual([]);
    await world.clock.pass(500);
    expect(tab.status.kind).toBe('saved');
  });

  it.each([
    ['too large', 413],
    ['invalid', 422],
  ] as const)('keeps a text that is %s, says why, and saves it once it is changed', async (fault, status) => {
    const tab = await world.open();
    world.server.faults = [fault];
    tab.write('one');
    await world.clock.pass(20_000);
    expect(tab.status).toMatchObject({ kind: 'refused', status });
    expect(world.server.posts.size).toBe(0);
    tab.write('two');
    await world.clock.pass(2_000);
    expect([tab.status.kind, contentOf(1)]).toEqual(['saved', 'one two ']);
  });

  it('keeps the text of a post that is gone, and makes a new post of it', async () => {
    const tab = await world.open();
    tab.write('one');
    await world.clock.pass(2_000);
    world.server.posts.set(2, world.server.posts.get(1)!);
    world.server.posts.delete(1);
    tab.write('two');
    await world.clock.pass(2_000);
    expect(tab.status.kind).toBe('gone');
    const copy = await tab.session.copyAsNew();
    tab.session.end();
    const next = await world.open(copy);
    world.server.posts.set(1, world.server.posts.get(2)!);
    await world.clock.pass(2_000);
    expect([next.status.kind, contentOf(3)]).toEqual(['saved', 'one two ']);
  });

  it('is saved by one tab while the other follows, and by the other when that one goes', async () => {
    const place = newPlace();
    const [first, second] = [await world.open(place), await world.open(place)];
    first.write('one');
    second.write('two');
    // Neither has heard of the other.
    await Promise.all([first.session.flush(), second.session.flush()]);
    await world.clock.pass(3_000);
    expect(kindsOf(first, second)).toEqual(['saved', 'saved']);
    expect(first.session.current).toEqual(second.session.current);
    expect(new Set(world.server.requests).size).toBe(world.server.requests.length);
    second.write('three');
    await world.clock.pass(100);
    first.session.end();
    await world.clock.pass(3_000);
    expect(second.status.kind).toBe('saved');
    for (const word of ['one', 'two', 'three']) expect(contentOf(1)).toContain(word);
    expect([first.conflicts, second.conflicts, world.server.posts.size]).toEqual([[], [], 1]);
  });

  it('goes on with the same post after a sign-out in another tab has erased its journal', async () => {
    const place = newPlace();
    const tab = await world.open(place);
    tab.write('one');
    await world.clock.pass(2_000);
    expect(await world.journal.eraseSaved('7')).not.toContainEqual(expect.objectContaining(place));
    expect(await world.journal.find(place)).toBeUndefined();
    tab.write('two');
    await world.clock.pass(3_000);
    expect([tab.status.kind, tab.conflicts, world.server.posts.size]).toEqual(['saved', [], 1]);
    expect(contentOf(1)).toBe('one two ');
  });

  it('names at sign-out what the server does not have, and erases none of it', async () => {
    const place = newPlace();
    const tab = await world.open(place);
    tab.write('one');
    await world.clock.pass(200);
    expect(await world.journal.eraseSaved('7')).toContainEqual(expect.objectContaining(place));
    expect((await world.journal.find(place))?.text.content).toBe('one ');
  });
});
