import { HaProxy } from '../support/haproxy.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { redisUrl } from '../support/start-inkwell.js';
import { createTestDatabase, query } from '../support/test-database.js';
import { holdConnections, uploadSlowly } from './awkward-clients.js';
import { type Exit, Replicas } from './replicas.js';
import { SteadyLoad } from './steady-load.js';

const DRAIN_SECONDS = 1;
/** Far more than an upload takes, also on a busy machine. The awkward clients make a stop last until then. */
const DEADLINE_SECONDS = 12;
/** After this long, Kubernetes would kill the process. The extra seconds are for a busy machine. */
export const GRACE_MS = (DRAIN_SECONDS + DEADLINE_SECONDS + 10) * 1000;

const UPLOAD_MS = 4_000;

interface RehearsalServices {
  readonly proxy: HaProxy;
  readonly database: { readonly url: string; readonly drop: () => Promise<void> };
  readonly author: Account;
}

/** Three replicas behind a proxy under load, each of which can be replaced. */
export class Rehearsal {
  readonly exits: Exit[] = [];
  /** Titles of posts that were being uploaded slowly when their server was told to stop. */
  readonly uploads: string[] = [];

  private constructor(
    readonly replicas: Replicas,
    readonly load: SteadyLoad,
    private readonly surroundings: RehearsalServices,
  ) {}

  static async start(): Promise<Rehearsal> {
    const database = await createTestDatabase();
    const replicas = await Replicas.start(3, {
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl(),
      SHUTDOWN_DRAIN_SECONDS: String(DRAIN_SECONDS),
      SHUTDOWN_DEADLINE_SECONDS: String(DEADLINE_SECONDS),
    });
    const proxy = await HaProxy.before(replicas.ports);
    const author = await registerAndLogin({ url: proxy.url }, 'rehearsal');
    const load = new SteadyLoad(proxy.url, author);
    load.start({ readers: 8, writers: 2 });
    return new Rehearsal(replicas, load, { proxy, database, author });
  }

  /** Replaces one replica: SIGTERM, wait for its end, start a new one. */
  async replace(index: number): Promise<void> {
    this.exits.push(await this.replicas.terminate(index));
    await this.replicas.launch(index);
    await this.surroundings.proxy.untilServer(index, 'UP');
  }

  /** Like `replace`, with clients whose connections make a clean stop hard. */
  async replaceUnderAwkwardClients(index: number): Promise<void> {
    const url = this.replicas.url(index);
    const held = await holdConnections(url);
    const direct = this.upload(url);
    const proxied = this.upload(this.surroundings.proxy.url);
    await this.replace(index);
    await Promise.all([direct, proxied]);
    for (const socket of held) socket.destroy();
  }

  /** Acknowledged posts that are not in the database as acknowledged. */
  async missing(): Promise<string[]> {
    const rows = await query<{ id: number; title: string }>(
      this.surroundings.database.url,
      'SELECT id, title FROM posts',
    );
    const titles = new Map(rows.map(({ id, title }) => [id, title]));
    const there = new Set(titles.values());
    return [
      ...[...this.load.acknowledged]
        .filter(([id, title]) => titles.get(id) !== title)
        .map(([, title]) => title),
      ...this.uploads.filter((title) => !there.has(title)),
    ];
  }

  async end(): Promise<void> {
    await this.load.stop();
    await this.replicas.kill();
    await this.surroundings.proxy.stop();
    await this.surroundings.database.drop();
  }

  private async upload(url: string): Promise<void> {
    const title = `Upload ${this.uploads.length + 1}`;
    this.uploads.push(title);
    const outcome = await uploadSlowly(url, this.surroundings.author, title, UPLOAD_MS).catch(
      (error: unknown) => [0, String(error)],
    );
    if (outcome[0] !== 201) this.load.failures.push(`${title} to ${url}: ${outcome.join(' ')}`);
  }
}
