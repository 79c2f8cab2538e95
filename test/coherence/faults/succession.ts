import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresProcess } from '../cluster/postgres-process.js';
import { untilReady } from '../cluster/until-ready.js';
import { logoutActs, makeAdmin, purgeRequestActs, roleChangeActs, type Tried } from '../effects/effects.js';
import type { Histories, VersionOf } from '../history/histories.js';
import { versionsIn } from '../history/truth.js';
import type { Stage } from '../traffic/stage.js';
import { ADMIN, TRIED, type World } from '../traffic/world.js';

const WRITES_TIMEOUT_MS = 3_000;
/** Changing a role takes commands, which take longer than everything else together. */
const ROLE_CHANGES_EVERY = 4;

/** After this, the state of temporary things is unknown. Writers need the sessions of their accounts. */
const tidying = (sessions: readonly string[]): string => `
  DELETE FROM posts WHERE slug LIKE 'passing-%';
  DELETE FROM users WHERE username LIKE 'passing-%';
  INSERT INTO sessions (id, user_id) VALUES ${sessions.join(', ')} ON CONFLICT DO NOTHING`;

/** One database after another. Tells the history what each of them has, and checks how the replicas deal with it. */
export class Succession {
  private readonly looks = new Map<string, number>();
  private readonly tried: Tried;

  constructor(
    private readonly stage: Stage,
    private readonly world: World,
    readonly histories: Histories,
  ) {
    this.tried = { cluster: stage.cluster, clients: stage.clients, username: TRIED };
  }

  /** Call this before anything is replaced. */
  async prepare(): Promise<void> {
    await makeAdmin(this.tried, ADMIN);
  }

  /** Prepares a database for a run. */
  get tidying(): string {
    return tidying(this.world.accounts.map(({ id, token }) => `('${sessionOf(token)}', ${id})`));
  }

  get targets(): World['targets'] {
    return this.world.targets;
  }

  /**
   * From now on, the replicas' endpoint leads to another server with its own data.
   * @param after the fault
   * @param mayLose acknowledged writes
   * @returns the previous server, unchanged
   */
  async replaceBy(process: PostgresProcess, after: string, mayLose: boolean): Promise<PostgresProcess> {
    const { cluster } = this.stage;
    await process.query(this.tidying);
    const versionOf = await versionsOf(process);
    this.histories.replace(versionOf, after, mayLose);
    const former = cluster.postgres.become(process);
    cluster.moveEndpoint();
    this.histories.settle();
    return former;
  }

  /** Resolves when this many writes have been acknowledged, or when no more are made. */
  async untilAcknowledged(count: number): Promise<void> {
    const { writes } = this.stage;
    const until = writes.acknowledged + count;
    for (const deadline = Date.now() + WRITES_TIMEOUT_MS; writes.acknowledged < until; await sleep(10))
      if (Date.now() > deadline) return;
  }

  /**
   * Does every change take effect everywhere before its answer, and is everything acknowledged since in the database?
   */
  async lookAfterwards(after: string): Promise<void> {
    const { cluster, clients, judge } = this.stage;
    for (const node of cluster.reachable)
      if (!(await untilReady(clients.get(node)!)))
        judge.countError(`${node.replica.name} is not ready after ${after}`);
    for (const complaint of await this.complaints(after)) judge.countError(`after ${after}: ${complaint}`);
    await this.histories.confirm(() => versionsOf(cluster.postgres.process), after);
  }

  private async complaints(after: string): Promise<string[]> {
    const looks = this.looks.get(after) ?? 0;
    this.looks.set(after, looks + 1);
    return [
      ...(await logoutActs(this.tried)),
      ...(await purgeRequestActs(this.tried, ADMIN)),
      ...(looks % ROLE_CHANGES_EVERY === 0 ? await roleChangeActs(this.tried) : []),
    ];
  }
}

export const versionsOf = (process: PostgresProcess): Promise<VersionOf> =>
  versionsIn((sql) => process.query(sql));

/** The session id in an access token (RFC 7519). */
const sessionOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid;
