import { Client as PgClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { fullLeaseMs } from '../../../src/platform/coherence/lease.js';
import { Cluster, type ClusterOptions, type Node } from '../cluster/cluster.js';
import { type Answer, headerOf } from '../http/answer-parser.js';
import { Client } from '../http/client.js';
import { type Change, changeText, getText } from '../http/request-text.js';
import { marksIn } from '../history/marks.js';
import { Register } from '../history/register.js';
import { idOf, loginOf, registration, tokenOf } from '../traffic/accounts.js';

const MARGIN_MS = 60;
const DEADLINE_MS = 20_000;

export interface Post {
  readonly id: number;
  readonly path: string;
  readonly register: Register;
  version: number;
}

/** A change that is made as a writer makes it, by hand: its outbox row is in the transaction, and nobody is notified. */
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
    private readonly clients: ReadonlyMap<Node, Client>,
    private readonly token: string,
    private readonly leaseMs: number,
  ) {}

  static async start({ leaseMs = 400, ...options }: StandOptions): Promise<Stand> {
    const environment = { ...options.environment, COHERENCE_LEASE_MS: String(leaseMs) };
    const cluster = await Cluster.start({ ...options, environment });
    const clients = new Map(cluster.nodes.map((node) => [node, new Client(node.replica.port, DEADLINE_MS)]));
    const client = clients.get(cluster.nodes[0]!)!;
    await client.ask(changeText(registration('ada')));
    return new Stand(cluster, clients, tokenOf(await client.ask(changeText(loginOf('ada')))), leaseMs);
  }

  get nodes(): readonly [Node, Node, Node] {
    const [first, second, third] = this.cluster.nodes;
    return [first!, second!, third!];
  }

  /** A new post, which nobody has read yet. */
  async newPost(): Promise<Post> {
    const register = new Register((this.posts += 1), `post-${this.posts}`, 1);
    const body = { title: register.mark(1), content: 'Text', slug: register.name, category_name: 'Directed' };
    const id = idOf(await this.change(this.nodes[0], { method: 'POST', path: '/blog/api/posts', body }));
    return { id, path: `/blog/api/posts/${id}`, register, version: 1 };
  }

  /** Resolves with the acknowledgement of the next version. @throws when it is refused */
  async write(node: Node, post: Post): Promise<void> {
    post.version += 1;
    await this.writeAgain(node, post);
  }

  /** Sends the version that was sent last, as a client does who got no answer. */
  async writeAgain(node: Node, { id, register, version }: Post): Promise<void> {
    const body = { title: register.mark(version) };
    await this.change(node, { method: 'PATCH', path: `/blog/api/posts/${id}`, body });
  }

  ask(node: Node, path: string): Promise<Answer> {
    return this.clients.get(node)!.ask(getText(path));
  }

  /** @param path where the post is shown; its own address unless said @returns the version, 0 when there is none */
  async read(node: Node, post: Post, path = post.path): Promise<number> {
    return versionIn(await this.ask(node, path), post);
  }

  /** Brings a post into the memory of every replica. */
  async warm(...posts: readonly Post[]): Promise<void> {
    for (const node of this.nodes) for (const post of posts) await this.read(node, post);
  }

  /** What replicas answer other than the last version. */
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

  /** Begins the next version in a transaction, which stays open. @param tags of what it changes, the post's own besides */
  async hold(post: Post, tags: readonly string[] = []): Promise<HeldChange> {
    post.version += 1;
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

  /** Waits until no lease is left that was renewed before: what a replica did not hear of cannot be in use any more. */
  async untilSafe(): Promise<void> {
    await sleep(fullLeaseMs(this.leaseMs) + MARGIN_MS);
  }

  /** A replica that was started anew has new connections. */
  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.close();
    await this.cluster.stop();
  }

  private async change(node: Node, change: Change): Promise<Answer> {
    const answer = await this.clients.get(node)!.ask(changeText({ ...change, token: this.token }));
    if (answer.status >= 300) throw new Error(`${change.method} ${change.path} is ${answer.status}`);
    return answer;
  }
}

const versionIn = ({ body }: Answer, { register }: Post): number =>
  marksIn(body).find(({ id }) => id === register.id)?.version ?? 0;
