import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { StudioApi } from './api.js';
import { type Entry, entryOf, Journal, type Place } from './journal.js';
import { ScriptedServer } from './scripted-server.js';
import { Session, type Status } from './session.js';
import { EMPTY_TEXT, type EditableText } from './text.js';
import { VirtualClock } from './virtual-clock.js';

export const textOf = (content: string): EditableText => ({ ...EMPTY_TEXT, title: 'Tea', content });

export const newPlace = (): Place => ({ account: '7', post: `new:${randomUUID()}` });

export class Tab {
  status: Status = { kind: 'kept' };
  /** ETags of the server's versions that this tab showed a conflict with. */
  readonly conflicts: string[] = [];
  readonly session: Session;

  constructor(place: Place, entry: Entry, { server, journal, clock }: World) {
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
          if (status.kind === 'conflict') this.conflicts.push(status.conflict.server.etag);
          this.status = status;
        },
      },
    );
  }

  write(word: string): void {
    this.session.type(textOf(`${this.session.current.content}${word} `));
  }
}

/** A browser with one journal, a server, and the time of both. */
export class World {
  readonly clock = new VirtualClock();
  readonly server = new ScriptedServer(this.clock);
  readonly tabs: Tab[] = [];

  private constructor(readonly journal: Journal) {}

  static async begin(): Promise<World> {
    return new World(await Journal.open());
  }

  async open(place = newPlace()): Promise<Tab> {
    const fresh = entryOf(place, EMPTY_TEXT, null);
    const entry = (await this.journal.update(place, (known) => known ?? fresh))!;
    const tab = new Tab(place, entry, this);
    this.tabs.push(tab);
    return tab;
  }

  end(): void {
    for (const { session } of this.tabs) session.end();
    this.journal.close();
  }
}
