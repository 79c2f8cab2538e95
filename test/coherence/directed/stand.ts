import { Client as PgClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { fullLeaseMs } from '../../../src/platform/coherence/coherence.js';
import { Cluster, type ClusterOptions, type Node, stopNode } from '../cluster/cluster.js';
import type { PostgresProcess } from '../cluster/postgres-process.js';
import { untilReady } from '../cluster/until-ready.js';
import type { Tried } from '../effects/effects.js';
import { type Answer, headerOf } from '../http/answer-parser.js';
import { Client } from '../http/client.js';
import { type Change, changeText, getText } from '../http/request-text.js';
import { marksIn } from '../history/marks.js';
import { Register } from '../history/register.js';
import { idOf, loginOf, registration, tokenOf } from '../traffic/accounts.js';

const MARGIN_MS = 60;
const DEADLINE_MS = 20_000;
const BACK_TIMEOUT_MS = 30_000;
/** The account that logs out, is demoted and so on. */
const TRIED = 'eve';

export interface Post {
  readonly id: number;
  readonly path: string;
  readonly register: Register;
  /** The versions in the database. */
  version: number;
  /**
   * The newest version ever sent. None is sent twice, which tells the versions of a lost future from those after it.
   */
  sent: number;
}

/** A change made by hand, but like a writer's: its outbox row is in the transaction, and nobody is notified. */
export interface HeldChange {
  readonly commit: () => Promise<void>;
}

interface StandOptions extends ClusterOptions {
  readonly leaseMs?: number | undefined;
}

/** A cluster for one scenario after another, each with posts of its own. */
export class Stand {
  private posts = 0;

  private constructor(
    readonly cluster: Cluster,
    private readonly clients: Map<Node, Client>,
    private readonly token: string,
    private readonly leaseMs: number,
  ) {}

  static async start({ leaseMs = 400, ...options }: StandOptions): Promise<Stand> {
    const environment = { ...options.environment, COHERENCE_LEASE_MS: String(leaseMs) };
    const cluster = await Cluster.start({ ...options, environment });
    const clients = new Map(cluster.nodes.map((node) => [node, new Client(node.replica.port, DEADLINE_MS)]));
    const client = clients.get(cluster.nodes[0]!)!;
    for (const name of ['ada', TRIED]) await client.ask(changeText(registration(name)));
    return new Stand(cluster, clients, tokenOf(await client.ask(changeText(loginOf('ada')))), leaseMs);
  }

  get tried(): Tried {
    return { cluster: this.cluster, clients: this.clients, username: TRIED };
  }

  get nodes(): readonly [Node, Node, Node] {
    const [first, second, third] = this.cluster.nodes;
    return [first!, second!, third!];
  }

  /** Another replica, on a copy of the database that somebody else writes to, and the same Redis. */
  async startBeside(postgres: PostgresProcess): Promise<Node> {
    const node = await this.cluster.startBeside('replica of the clone', postgres);
    this.clients.set(node, new Client(node.replica.port, DEADLINE_MS));
    return node;
  }

  async stopBeside(node: Node): Promise<void> {
    this.clients.get(node)?.close();
    this.clients.delete(node);
    await stopNode(node);
  }

  /** A new post that nobody has read yet. */
  async newPost(): Promise<Post> {
    const register = new Register((this.posts += 1), `post-${this.posts}`, 1);
    const body = { title: register.mark(1), content: 'Text', slug: register.name, category_name: 'Directed' };
    const id = idOf(await this.change(this.nodes[0], { method: 'POST', path: '/blog/api/posts', body }));
    return { id, path: `/blog/api/posts/${id}`, register, version: 1, sent: 1 };
  }

  /** Resolves with the acknowledgement of the next version. @throws if it is refused */
  async write(node: Node, post: Post): Promise<void> {
    this.next(post);
    await this.writeAgain(node, post);
  }

  /** Sends the next version until it is acknowledged, like a client while PostgreSQL is away. */
  async writeWhenBack(node: Node, post: Post): Promise<void> {
    this.next(post);
    for (const deadline = Date.now() + BACK_TIMEOUT_MS; ; await sleep(20)) {
      try {
        return await this.writeAgain(node, post);
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  /** Repeats the last version, like a client that got no answer. */
  async writeAgain(node: Node, { id, register, version }: Post): Promise<void> {
    const body = { title: register.mark(version) };
    await this.change(node, { method: 'PATCH', path: `/blog/api/posts/${id}`, body });
  }

  ask(node: Node, path: string): Promise<Answer> {
    return this.clients.get(node)!.ask(getText(path));
  }

  /**
   * @param path a page that shows the post; its own address by default
   * @returns the version, 0 if there is none
   */
  async read(node: Node, post: Post, path = post.path): Promise<number> {
    return versionIn(await this.ask(node, path), post);
  }

  /** Loads the post into the memory of every replica. */
  async warm(...posts: readonly Post[]): Promise<void> {
    for (const node of this.nodes) for (const post of posts) await this.read(node, post);
  }

  /** Answers of replicas other than the last version. */
  async complaints(post: Post, nodes: readonly Node[] = this.nodes, path = post.path): Promise<string[]> {
    const found: string[] = [];
    for (const node of nodes) {
      const answer = await this.ask(node, path);
      const version = versionIn(answer, post);
      if (version === post.version) continue;
      const how = `${answer.status} ${headerOf(answer, 'cache-status') ?? ''}`;
      found.push(`${node.replica.name} shows ${version} of ${post.version} at ${path}: ${how}`);
    }
    return found;
  }

  /** Acknowledged versions that the database does not have. */
  async missing(posts: readonly Post[]): Promise<string[]> {
    const found: string[] = [];
    for (const { id, register, version } of posts) {
      const sql = 'SELECT title FROM posts WHERE id = $1';
      const [row] = await this.cluster.postgres.query<{ title: string }>(sql, [id]);
      if (row?.title !== register.mark(version))
        found.push(`the database has ${row?.title} of ${register.name}, ${version} was acknowledged`);
    }
    return found;
  }

  /**
   * Starts the next version in a transaction, which stays open.
   * @param tags of the change, in addition to the post's own
   */
  async hold(post: Post, tags: readonly string[] = []): Promise<HeldChange> {
    this.next(post);
    const client = new PgClient({ connectionString: this.cluster.postgres.url, application_name: 'checker' });
    await client.connect();
    await client.query('BEGIN');
    await client.query('UPDATE posts SET title = $2, version = version + 1 WHERE id = $1', [
      post.id,
      post.register.mark(post.version),
    ]);
    await client.query(
      `INSERT INTO outbox (writer, event, payload, tags) VALUES (gen_random_uuid(), 'checker.changed', '{}', $1)`,
      [[`post:${post.id}`, ...tags]],
    );
    return {
      commit: async () => {
        await client.query('COMMIT');
        await client.end();
      },
    };
  }

  /** A category that a post brings is in the list of every replica. @returns complaints */
  async newCategoryIsShown(): Promise<string[]> {
    const name = `Category ${(this.posts += 1)}`;
    for (const node of this.nodes) await this.ask(node, '/blog/api/categories');
    const body = { title: name, content: 'Text', category_name: name };
    await this.change(this.nodes[0], { method: 'POST', path: '/blog/api/posts', body });
    const found: string[] = [];
    for (const node of this.nodes) {
      const answer = await this.ask(node, '/blog/api/categories');
      if (!answer.body.includes(`"${name}"`)) found.push(`${node.replica.name} does not show ${name}`);
    }
    return found;
  }

  /** Waits until every replica uses its caches on the current database. */
  async untilServing(): Promise<void> {
    for (const node of this.nodes) await untilReady(this.clients.get(node)!);
    await this.untilSafe();
  }

  /** Waits until every lease renewed before has run out, so that nothing a replica missed can be in use any more. */
  async untilSafe(): Promise<void> {
    await sleep(fullLeaseMs(this.leaseMs) + MARGIN_MS);
  }

  /** A restarted replica has new connections. */
  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.close();
    await this.cluster.stop();
  }

  private next(post: Post): void {
    post.sent += 1;
    post.version = post.sent;
  }

  private async change(node: Node, change: Change): Promise<Answer> {
    const answer = await this.clients.get(node)!.ask(changeText({ ...change, token: this.token }));
    if (answer.status >= 300) throw new Error(`${change.method} ${change.path} is ${answer.status}`);
    return answer;
  }
}

const versionIn = ({ body }: Answer, { register }: Post): number =>
  marksIn(body).find(({ id }) => id === register.id)?.version ?? 0;
