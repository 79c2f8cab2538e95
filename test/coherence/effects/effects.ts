import type { Cluster, Node } from '../cluster/cluster.js';
import { runCommand } from '../cluster/run-command.js';
import type { Answer } from '../http/answer-parser.js';
import type { Client } from '../http/client.js';
import { type Change, changeText, getText } from '../http/request-text.js';
import { loginOf, tokenOf } from '../traffic/accounts.js';
import { insist } from './insist.js';

/** Replicas, and the accounts for the checks. */
export interface Tried {
  readonly cluster: Cluster;
  readonly clients: ReadonlyMap<Node, Client>;
  /** Nobody else uses or changes it. */
  readonly username: string;
}

const change = ({ clients }: Tried, node: Node, what: Change): Promise<Answer> =>
  insist(clients, node, changeText(what));

const get = ({ clients }: Tried, node: Node, path: string, token?: string): Promise<Answer> =>
  insist(clients, node, getText(path, token === undefined ? {} : { authorization: `Bearer ${token}` }));

const LIST = '/blog/api/posts?limit=1';

export async function logInAs(tried: Tried, node: Node): Promise<string> {
  const answer = await change(tried, node, loginOf(tried.username));
  if (answer.status !== 200) throw new Error(`Login is ${answer.status}: ${answer.body.toString()}`);
  return tokenOf(answer);
}

/** The statuses of one request at every replica, if they are not `expected`. */
async function unexpected(
  { cluster }: Tried,
  expected: number,
  ask: (node: Node) => Promise<Answer>,
  what: string,
): Promise<string[]> {
  const complaints: string[] = [];
  for (const node of cluster.nodes) {
    const { status } = await ask(node);
    if (status !== expected) complaints.push(`${what}: ${status}, not ${expected}, at ${node.replica.name}`);
  }
  return complaints;
}

/** A token is valid everywhere until its session is ended, and from that answer on nowhere. */
export async function logoutActs(tried: Tried): Promise<string[]> {
  const [first] = tried.cluster.nodes;
  const token = await logInAs(tried, first!);
  const ask = (node: Node): Promise<Answer> => get(tried, node, LIST, token);
  const before = await unexpected(tried, 200, ask, 'a new session');
  const { status } = await change(tried, first!, { method: 'POST', path: '/api/logout', token });
  // If it is repeated after a 503, it may find the session ended.
  if (status !== 204 && status !== 401) return [...before, `logout is ${status}`];
  return [...before, ...(await unexpected(tried, 401, ask, 'a session after its logout'))];
}

/** The body is never valid: 400 for those who may write, 403 for others. */
const writeNothing = (tried: Tried, node: Node, token: string): Promise<Answer> =>
  change(tried, node, { method: 'POST', path: '/blog/api/posts', token, body: {} });

export const mayWrite = async (tried: Tried, node: Node, token: string): Promise<boolean> =>
  (await writeNothing(tried, node, token)).status !== 403;

export const demote = ({ cluster, username }: Tried): Promise<void> =>
  runCommand(cluster, 'user', 'promote', username, '--role', 'reader');

export const promote = ({ cluster, username }: Tried): Promise<void> =>
  runCommand(cluster, 'user', 'promote', username, '--role', 'author');

export const makeAdmin = ({ cluster }: Tried, username: string): Promise<void> =>
  runCommand(cluster, 'user', 'promote', username, '--role', 'admin');

async function roleOf({ cluster, username }: Tried): Promise<string> {
  const sql = 'SELECT role FROM users WHERE username = $1';
  return (await cluster.postgres.query<{ role: string }>(sql, [username]))[0]!.role;
}

/** Once the command has ended, a reader may not write at any replica, and an author may. */
export async function roleChangeActs(tried: Tried): Promise<string[]> {
  // A failover may have lost the end of the last round.
  if ((await roleOf(tried)) !== 'author') await promote(tried);
  const token = await logInAs(tried, tried.cluster.nodes[0]!);
  const ask = (node: Node): Promise<Answer> => writeNothing(tried, node, token);
  const before = await unexpected(tried, 400, ask, 'an empty post by an author');
  await demote(tried);
  const demoted = await unexpected(tried, 403, ask, 'an empty post by one who is a reader now');
  await promote(tried);
  return [...before, ...demoted, ...(await unexpected(tried, 400, ask, 'an empty post by an author again'))];
}

/** Data changed outside of the application is shown everywhere once the purge is answered. */
async function purgeActsBy(tried: Tried, purge: () => Promise<unknown>): Promise<string[]> {
  const { cluster, clients, username } = tried;
  const path = `/api/users/${username}`;
  const name = `Purged ${performance.now()}`;
  for (const node of cluster.nodes) await get(tried, node, path);
  await cluster.postgres.query('UPDATE users SET display_name = $2 WHERE username = $1', [username, name]);
  await purge();
  const complaints: string[] = [];
  for (const node of cluster.nodes) {
    const { body } = await insist(clients, node, getText(path));
    if (!body.includes(name))
      complaints.push(`a purge of everything changed nothing at ${node.replica.name}`);
  }
  return complaints;
}

export const purgeActs = (tried: Tried): Promise<string[]> =>
  purgeActsBy(tried, () => runCommand(tried.cluster, 'cache', 'purge', '--all'));

/** Like an admin. */
export async function purgeRequestActs(tried: Tried, admin: string): Promise<string[]> {
  const [first] = tried.cluster.nodes;
  const token = await logInAs({ ...tried, username: admin }, first!);
  const purge: Change = { method: 'POST', path: '/api/cache/purge', token, body: { all: true } };
  return purgeActsBy(tried, async () => {
    const { status, body } = await change(tried, first!, purge);
    if (status !== 200) throw new Error(`The purge is ${status}: ${body.toString()}`);
  });
}

export const allActs = async (tried: Tried): Promise<string[]> => [
  ...(await logoutActs(tried)),
  ...(await purgeActs(tried)),
  ...(await roleChangeActs(tried)),
];
