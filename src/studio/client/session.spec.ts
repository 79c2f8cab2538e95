import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { StudioApi } from './api.js';
import { type Entry, entryOf, isSaved, Journal, type Place } from './journal.js';
import { openEntry } from './opening.js';
import { type Fault, ScriptedServer } from './scripted-server.js';
import { Session, type Status } from './session.js';
import { EMPTY_TEXT, type EditableText } from './text.js';
import { VirtualClock } from './virtual-clock.js';

const textOf = (content: string): EditableText => ({ ...EMPTY_TEXT, title: 'Tea', content });

class Tab {
  status: Status = { kind: 'kept' };
  conflicts = 0;
  readonly session: Session;

  constructor(place: Place, entry: Entry) {
    this.session = new Session(
      place,
      entry,
      {
        ...{ api: new StudioApi(server.fetch), journal, clock, locks: navigator.locks },
        ...{ random: () => 0.5, newKey: randomUUID },
      },
      {
        textChanged: () => undefined,
        document: () => undefined,
        status: (status) => {
          if (status.kind === 'conflict' && this.status.kind !== 'conflict') this.conflicts++;
          this.status = status;
        },
      },
    );
    tabs.push(this);
  }

  write(word: string): void {
    const text = this.session.current;
    this.session.type(textOf(`${text.content}${word} `));
  }
}

let journal: Journal;
let server: ScriptedServer;
let clock: VirtualClock;
let tabs: Tab[];

async function begin(): Promise<void> {
  journal = await Journal.open();
  server = new ScriptedServer();
  clock = new VirtualClock();
  tabs = [];
}

function end(): void {
  for (const { session } of tabs) session.end();
  journal.close();
}

beforeEach(begin);
afterEach(end);

const newPlace = (): Place => ({ account: '7', post: `new:${randomUUID()}` });

async function open(place = newPlace()): Promise<Tab> {
  const fresh = entryOf(place, EMPTY_TEXT, null);
  const entry = (await journal.update(place, (known) => known ?? fresh))!;
  return new Tab(place, entry);
}

describe('an editing session', () => {
  it('makes the post once, a second after the last keystroke, and then says that it is saved', async () => {
    const tab = await open();
    tab.write('one');
    await clock.pass(900);
    expect(tab.status.kind).toBe('kept');
    expect(server.requests).toEqual([]);
    await clock.pass(300);
    expect(tab.status.kind).toBe('saved');
    expect(server.posts.get(1)?.text.content).toBe('one ');
  });

  it('repeats a save whose answer was lost with the same key, which makes neither a second post nor a conflict', async () => {
    const tab = await open();
    server.faults = ['lost answer', 'lost answer'];
    tab.write('one');
    await clock.pass(1_200);
    expect(tab.status.kind).toBe('offline');
    await clock.pass(5_000);
    expect([tab.status.kind, tab.conflicts, server.posts.size]).toEqual(['saved', 0, 1]);
    expect(new Set(server.requests).size).toBe(1);
  });

  it('asks to sign in after a 401, and goes on with what was typed', async () => {
    const tab = await open();
    server.faults = ['signed out'];
    tab.write('one');
    await clock.pass(2_000);
    expect(tab.status.kind).toBe('signed-out');
    tab.write('two');
    server.isSignedIn = true;
    await clock.pass(100);
    tab.session.resume();
    await clock.pass(3_000);
    expect(tab.status.kind).toBe('saved');
    expect(server.posts.get(1)?.text.content).toBe('one two ');
  });

  it('meets the save of somebody else with a conflict that overwrites nothing, and keeps both versions', async () => {
    const tab = await open();
    tab.write('one');
    await clock.pass(2_000);
    server.write(1, textOf('theirs '));
    tab.write('two');
    await clock.pass(2_000);
    expect(tab.status.kind).toBe('conflict');
    expect(server.posts.get(1)?.text.content).toBe('theirs ');
    const { conflict } = tab.status as Extract<Status, { kind: 'conflict' }>;
    const resolved = tab.session.resolve(conflict, textOf('theirs one two '));
    await clock.pass(3_000);
    await resolved;
    expect(tab.status.kind).toBe('saved');
    expect(server.posts.get(1)?.text.content).toBe('theirs one two ');
    const earlier = (await tab.session.earlier()).map(({ text }) => text.content);
    expect(earlier).toEqual(['one two ', 'theirs ']);
  });

  it('goes on from the journal after the browser was killed', async () => {
    const place = newPlace();
    const tab = await open(place);
    tab.write('one');
    await clock.pass(100);
    tab.session.end();
    const next = await open(place);
    expect(next.session.current.content).toBe('one ');
    await clock.pass(3_000);
    expect(server.posts.get(1)?.text.content).toBe('one ');
  });

  it('offers what an earlier visit left to its own account only', async () => {
    await journal.type(newPlace(), { edition: 0, text: EMPTY_TEXT }, textOf('secret'), 1);
    const offered: string[] = [];
    const openAs = (account: string) =>
      openEntry({
        ...{ journal, locks: navigator.locks, account, server: null, now: () => 1, newId: randomUUID },
        offer: async (entry) => (offered.push(entry.text.content), false),
      });
    await openAs('8');
    expect(offered).toEqual([]);
    await openAs('7');
    expect(offered).toEqual(['secret']);
  });

  it('loses nothing and overwrites nothing on any schedule of typing in two tabs, faults and kills', async () => {
    type Step =
      | { tab: 0 | 1; do: 'type' | 'kill' }
      | { tab: 0 | 1; do: 'fault'; fault: Fault }
      | { tab: 0 | 1; do: 'pass'; ms: number };
    const tab = fc.constantFrom<0 | 1>(0, 1);
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 5, arbitrary: fc.record({ tab, do: fc.constant('type' as const) }) },
      { weight: 1, arbitrary: fc.record({ tab, do: fc.constant('kill' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          tab,
          do: fc.constant('fault' as const),
          fault: fc.constantFrom<Fault>('lost request', 'lost answer', 'busy'),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          tab,
          do: fc.constant('pass' as const),
          ms: fc.integer({ min: 1, max: 3_000 }),
        }),
      },
    );
    await fc.assert(
      fc
        .asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const place = newPlace();
          const open2 = [await open(place), await open(place)];
          const journalled: string[] = [];
          let words = 0;
          for (const each of steps) {
            const one = open2[each.tab]!;
            if (each.do === 'type') {
              const word = `w${words++};`;
              one.write(word);
              await clock.pass(200);
              journalled.push(word);
            } else if (each.do === 'kill') {
              one.session.end();
              open2[each.tab] = await open(place);
            } else if (each.do === 'fault') server.faults.push(each.fault);
            else if (each.do === 'pass') await clock.pass(each.ms);
          }
          server.faults = [];
          await clock.pass(60_000);
          const entry = (await journal.find(place))!;
          expect(isSaved(entry)).toBe(true);
          expect(server.posts.size).toBe(words === 0 ? 0 : 1);
          for (const word of journalled) expect(server.posts.get(1)?.text.content).toContain(word);
          expect(tabs.map(({ conflicts }) => conflicts)).toEqual(tabs.map(() => 0));
        })
        .beforeEach(begin)
        .afterEach(async () => end()),
      { numRuns: 25 },
    );
  });
});
