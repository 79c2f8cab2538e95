import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newPlace, type Tab, textOf, World } from './client-world.js';
import { isSaved } from './journal.js';
import type { Fault } from './scripted-server.js';

type Step =
  | { readonly do: 'type' | 'kill' | 'resolve'; readonly tab: 0 | 1 }
  | { readonly do: 'somebody else saves' }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'pass'; readonly ms: number };

const to = fc.constant;
const tab = fc.constantFrom<0 | 1>(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: to('type' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ do: to('kill' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ do: to('resolve' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ do: to('somebody else saves' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: to('fault' as const),
      fault: fc.constantFrom<Fault>('lost request', 'lost answer', 'slow', 'busy', 'in flight'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: to('pass' as const), ms: fc.integer({ min: 1, max: 3_000 }) }) },
);

/** Two tabs with one post, and somebody else who writes it too. All only add words. */
class Run {
  /** The texts that the journal or the server has acknowledged. */
  readonly promised: string[] = [];
  private readonly place = newPlace();
  private readonly open: Tab[] = [];

  constructor(private readonly world: World) {}

  async take(steps: readonly Step[]): Promise<void> {
    for (let i = 0; i < 2; i++) this.open.push(await this.world.open(this.place));
    for (const each of steps) await this.step(each);
    this.world.server.faults = [];
    for (let i = 0; i < 5; i++) {
      await this.world.clock.pass(60_000);
      await this.resolve(this.open[0]!);
    }
  }

  get lost(): string[] {
    const content = this.world.server.posts.get(1)?.text.content ?? '';
    return this.promised.filter((word) => !content.includes(word));
  }

  /** The authors of the versions that a tab has shown as conflicting. */
  get metWriters(): Set<string | undefined> {
    const writers = this.world.server.posts.get(1)?.writers ?? [];
    const met = this.world.tabs.flatMap(({ conflicts }) => conflicts);
    return new Set(met.map((etag) => writers[Number(etag.slice(1, -1)) - 1]));
  }

  async isSaved(): Promise<boolean> {
    const entry = await this.world.journal.find(this.place);
    return entry !== undefined && isSaved(entry);
  }

  private async step(each: Step): Promise<void> {
    const { clock, server } = this.world;
    const word = `w${this.promised.length};`;
    switch (each.do) {
      case 'type':
        this.open[each.tab]!.write(word);
        await clock.pass(200);
        this.promised.push(word);
        break;
      case 'kill':
        this.open[each.tab]!.session.end();
        this.open[each.tab] = await this.world.open(this.place);
        break;
      case 'resolve':
        return this.resolve(this.open[each.tab]!);
      case 'somebody else saves': {
        const post = server.posts.get(1);
        if (post === undefined) break;
        server.write(1, textOf(`${post.text.content}${word} `));
        this.promised.push(word);
        break;
      }
      case 'fault':
        server.faults.push(each.fault);
        break;
      case 'pass':
        await clock.pass(each.ms);
    }
  }

  /** As a person does who wants the words of both. */
  private async resolve({ status, session }: Tab): Promise<void> {
    if (status.kind !== 'conflict') return;
    const { theirs } = status.conflict;
    const missing = session.current.content.split(' ').filter((word) => !theirs.content.includes(word));
    const resolved = session.resolve(status.conflict, textOf(`${theirs.content}${missing.join(' ')} `));
    await this.world.clock.pass(500);
    await resolved;
  }
}

it('loses nothing and overwrites nothing on any schedule of two tabs, faults, kills and somebody else', async () => {
  let world: World;
  await fc.assert(
    fc
      .asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const run = new Run(world);
        await run.take(steps);
        expect(run.lost).toEqual([]);
        expect([...run.metWriters].filter((writer) => writer !== 'somebody else')).toEqual([]);
        expect(world.server.posts.size).toBe(run.promised.length === 0 ? 0 : 1);
        expect(await run.isSaved()).toBe(true);
      })
      .beforeEach(async () => {
        world = await World.begin();
      })
      .afterEach(async () => world.end()),
    { numRuns: 40 },
  );
});
